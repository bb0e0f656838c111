/* SPDX-License-Identifier: MIT */
/* A status in words and as a small sign.  The sign differs in shape as well as in colour. */

import {el} from './dom.js';

const WORDS = {
	running: 'Running', starting: 'Starting', stopped: 'Stopped', failed: 'Failed', unknown: 'Unknown',
};

export function statusWord(entry)
{
	if (entry.phase === 'deleting')
		return 'Being deleted';
	return WORDS[entry.status] ?? entry.status.slice(0, 24);
}

export function statusKind(entry)
{
	if (entry.phase === 'deleting')
		return 'leaving';
	return WORDS[entry.status] ? entry.status : 'unknown';
}

export function pip(kind)
{
	return el('span', {class: 'pip ' + kind, 'aria-hidden': 'true'});
}
