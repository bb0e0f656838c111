/* SPDX-License-Identifier: MIT */
/* Line drawings on a 24-unit grid; the style sheet strokes them in the colour of the text around them. */

import {drawing} from './dom.js';

const PATHS = {
	plus: ['M12 5v14', 'M5 12h14'],
	close: ['M6 6l12 12', 'M18 6L6 18'],
	back: ['M14.5 5.5L8 12l6.5 6.5'],
	search: ['M10.5 4.5a6 6 0 1 0 0 12 6 6 0 0 0 0-12z', 'M15 15l4.5 4.5'],
	open: ['M13 5h6v6', 'M19 5l-8 8', 'M11 6H6.5A1.5 1.5 0 0 0 5 7.5v10A1.5 1.5 0 0 0 6.5 19h10a1.5 1.5 0 0 0 1.5-1.5V13'],
	trash: ['M5 7h14', 'M10 7V5h4v2', 'M7 7l.8 12h8.4L17 7', 'M10.5 10.5v5', 'M13.5 10.5v5'],
	info: ['M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16z', 'M12 11v5', 'M12 8v.1'],
	alert: ['M12 4.5L3.5 19h17z', 'M12 10v4', 'M12 16.5v.1'],
	check: ['M5 12.5l4.5 4.5L19 7.5'],
	ring: ['M12 7.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9z'],
	eye: ['M3 12c2.2-4 5.2-6 9-6s6.8 2 9 6c-2.2 4-5.2 6-9 6s-6.8-2-9-6z', 'M12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z'],
	dice: ['M6.5 5h11A1.5 1.5 0 0 1 19 6.5v11a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 5 17.5v-11A1.5 1.5 0 0 1 6.5 5z',
		'M9 9v.1', 'M15 15v.1', 'M12 12v.1'],
	copy: ['M9 9h10v10H9z', 'M15 9V5H5v10h4'],
	refresh: ['M19 6v4h-4', 'M18.5 10A7 7 0 1 0 19 13.5'],
	person: ['M12 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z', 'M5 19.5c.8-3.2 3.5-5 7-5s6.2 1.8 7 5'],
	play: ['M8 5.5l10 6.5-10 6.5z'],
	stop: ['M7 7h10v10H7z'],
	log: ['M5 6.5h14', 'M5 12h14', 'M5 17.5h8'],
	pencil: ['M5 19l1-4L16 5l3 3L9 18z'],
	upload: ['M12 15V5', 'M7.5 9.5L12 5l4.5 4.5', 'M5 19h14'],
	download: ['M12 5v10', 'M7.5 10.5L12 15l4.5-4.5', 'M5 19h14'],
	down: ['M7 10l5 5 5-5'],
};

export function icon(name, attributes)
{
	return drawing(PATHS[name], attributes);
}
