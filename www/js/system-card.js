/* SPDX-License-Identifier: MIT */
/* One intercom system on the page: the way in, its productions and their lines. */

import {call, part} from './api.js';
import {waiting, whileBusy} from './busy.js';
import {el, fill, freshId, outward} from './dom.js';
import {icon} from './icons.js';
import {problemBox} from './problem.js';

/* acts: {onAdd(system), onDelete(system)}; {element, show(system), loadProductions()} */
export function systemCard(system, acts)
{
	const id = freshId('system');
	let shown = system;
	let url = '';
	const open = el('span');
	const productions = el('div', {class: 'productions', 'aria-live': 'polite'}, waiting('Asking for the productions'));
	const button = (style, sign, word, work) => el('button', {class: style, type: 'button', onClick: () => work(shown)},
	    icon(sign), word, el('span', {class: 'unseen'}, ' ' + system.name));
	const element = el('section', {class: 'card system', 'aria-labelledby': id},
	    el('header', {class: 'system-head'}, el('h3', {id}, system.name), open),
	    productions,
	    el('p', {class: 'acts'}, button('button', 'plus', 'New production', acts.onAdd),
		button('button danger', 'trash', 'Delete', acts.onDelete)));

	async function loadProductions()
	{
		try {
			fill(productions, productionList(await call(`api/intercom/${part(system.name)}/productions`)));
		} catch (error) {
			fill(productions, problemBox(error, {retry: loadProductions, heading: 'h4', lead: 'Its productions cannot be shown'}));
		}
	}

	loadProductions();
	return {
		element,
		loadProductions,
		show(now)
		{
			shown = now;
			if (url === now.url)
				return;
			url = now.url;
			fill(open, outward(url, 'Open the intercom', {class: 'button primary'}));
		},
	};
}

/* One of which a part was never made or is gone: both ways out of that.  acts: {onMend(system), onDelete(system)} */
export function incompleteCard(system, acts)
{
	const id = freshId('system');
	const name = el('span', {class: 'unseen'}, ' ' + system.name);
	const label = [icon('refresh'), 'Finish it', name];
	const mend = el('button', {class: 'button primary', type: 'button', onClick: () => whileBusy(mend, 'Starting', label, () => acts.onMend(system))}, label);
	return {
		element: el('section', {class: 'card system', 'aria-labelledby': id},
		    el('h3', {id}, system.name + ' is not complete'),
		    el('p', {}, 'A part of it was never made, or is gone. Finishing makes what is missing and leaves the rest as it is.'),
		    el('p', {class: 'acts'}, mend,
			el('button', {class: 'button danger', type: 'button', onClick: () => acts.onDelete(system)}, icon('trash'), 'Delete', name.cloneNode(true)))),
		show() {},
		loadProductions() {},
	};
}

function productionList(answer)
{
	const list = (Array.isArray(answer?.productions) ? answer.productions : []).filter((one) => typeof one?.name === 'string');
	if (!list.length)
		return el('p', {class: 'muted'}, 'No productions yet: add one, and people can join its lines.');
	return [
		el('ul', {class: 'production-list', role: 'list'}, list.map(({name, lines}) => el('li', {},
		    el('strong', {}, name),
		    el('ul', {class: 'lines', role: 'list', 'aria-label': 'Lines of ' + name},
			(Array.isArray(lines) ? lines : []).map((line) => el('li', {class: 'line'}, String(line?.name ?? ''))))))),
		answer.total > list.length && el('p', {class: 'muted'}, `${list.length} of ${answer.total} are shown; the intercom has them all.`),
	];
}
