/* SPDX-License-Identifier: MIT */
/* What OSC has suspended: it is in no list of instances any more, and comes back by the press of a button. */

import {call, part} from './api.js';
import {whileBusy} from './busy.js';
import {byId, el, fill} from './dom.js';
import {icon} from './icons.js';
import {poll} from './poll.js';
import {problemBox} from './problem.js';
import {settleChildren} from './row.js';
import {tell} from './spoken.js';
import {pip} from './status.js';

const CALM_MS = 60000;
const REASONS = {token_limit_exceeded: 'The tokens were used up', idle: 'Nobody used it'};

/* acts: {titleOf(serviceId), onResumed()}.  Fills the element with id "suspended"; {start(), stop()}. */
export function suspendedList(acts)
{
	const place = byId('suspended');
	const trouble = el('div', {class: 'trouble'});
	const rows = new Map();
	const list = el('ul', {class: 'rows', role: 'list'});
	const turn = poll(load);

	async function load()
	{
		let answer;
		try {
			answer = await call('api/suspended');
		} catch (error) {
			if (error.status !== 401 && !place.firstChild)
				fill(place, failureNote(error, () => turn.now()));
			place.hidden = !place.firstChild;
			throw error;
		}
		show(Array.isArray(answer) ? answer.filter((item) => typeof item?.instanceName === 'string') : []);
		return CALM_MS;
	}

	function show(items)
	{
		place.hidden = items.length === 0;
		if (!items.length) {
			fill(place);
			return;
		}
		if (!place.contains(list))
			fill(place, trouble, card(list));
		const keys = items.map((item) => JSON.stringify([item.serviceId, item.instanceName]));
		for (const key of [...rows.keys()]) {
			if (!keys.includes(key))
				rows.delete(key);
		}
		settleChildren(list, items.map((item, i) => {
			if (!rows.has(keys[i]))
				rows.set(keys[i], row(item));
			return rows.get(keys[i]);
		}));
	}

	function row(item)
	{
		const label = [icon('play'), 'Resume', el('span', {class: 'unseen'}, ' ' + item.instanceName)];
		const button = el('button', {class: 'button', type: 'button',
			onClick: () => whileBusy(button, 'Resuming', label, () => resume(item))}, label);
		return el('li', {class: 'row'}, pip('stopped'),
		    el('span', {class: 'row-name plain'}, item.instanceName),
		    el('span', {class: 'row-status'}, 'Suspended'),
		    el('span', {class: 'row-where muted'}, [acts.titleOf(item.serviceId), REASONS[item.reason] ?? item.reason]
			.filter((text) => typeof text === 'string').join(' · ')),
		    el('span', {class: 'row-acts'}, button));
	}

	async function resume({serviceId, instanceName})
	{
		try {
			await call(`api/suspended/${part(serviceId)}/${part(instanceName)}/resume`, {method: 'POST'});
		} catch (error) {
			fill(trouble, problemBox(error, {lead: instanceName + ' was not resumed', heading: 'h3'}));
			return;
		}
		fill(trouble);
		tell(instanceName + ' is being resumed. It can take a minute to answer.');
		byId('title').focus(); /* the button is about to vanish */
		acts.onResumed();
		await turn.now();
	}

	return {start: turn.start, stop: turn.stop};
}

function card(list)
{
	return el('section', {class: 'card', 'aria-labelledby': 'suspended-title'},
	    el('header', {class: 'group-head'},
		el('h3', {id: 'suspended-title'}, 'Suspended by OSC'),
		el('p', {class: 'group-id'}, 'Nothing of them is lost.')),
	    list);
}

/* Seldom anything is suspended: not knowing is said, but not shouted. */
function failureNote(error, again)
{
	const words = el('p', {class: 'muted'}, 'Whether something is suspended is not known: ');
	words.append(error.title + '. ', el('button', {class: 'link', type: 'button', onClick: again}, 'Ask again'));
	return words;
}
