/* SPDX-License-Identifier: MIT */
/* A log on the page: its last lines, more of them when asked for, and kept up to date while it is open. */

import {el, fill, freshId, say} from './dom.js';
import {icon} from './icons.js';
import {poll} from './poll.js';
import {problemBox} from './problem.js';

const TAILS = [100, 1000, 5000];
const FOLLOW_MS = 5000;

/*
 * label       what it is the log of, for those who hear the page
 * load(tail)  resolves with the text of the last lines, or {text, done}: done ends the asking
 *
 * {element, start(), stop()}
 */
export function logView(label, load)
{
	const id = freshId('tail');
	const text = el('pre', {class: 'log', tabindex: '0', role: 'region', 'aria-label': label});
	const trouble = el('div', {class: 'trouble'});
	const tail = el('select', {id, onChange: () => turn.start()}, TAILS.map((n) => el('option', {value: n}, `Last ${n} lines`)));
	const turn = poll(read);

	async function read()
	{
		let done = false;
		try {
			const answer = await load(Number(tail.value));
			const lines = typeof answer === 'string' ? answer : answer.text;
			done = answer.done === true;
			fill(trouble);
			show(lines);
		} catch (error) {
			if (!trouble.firstChild || error.title !== trouble.title)
				fill(trouble, problemBox(error, {retry: () => turn.start(), heading: 'h4', lead: 'The log cannot be shown'}));
			trouble.title = error.title;
			throw error;
		}
		return done ? null : FOLLOW_MS;
	}

	/* Who reads the end goes on reading the end; who has scrolled up stays where they are. */
	function show(lines)
	{
		const atEnd = text.scrollTop + text.clientHeight >= text.scrollHeight - 8;
		say(text, lines === '' ? 'Nothing has been written yet.' : lines);
		if (atEnd)
			text.scrollTop = text.scrollHeight;
	}

	return {
		element: el('div', {class: 'log-view'},
		    el('div', {class: 'log-tools'},
			el('label', {class: 'unseen', for: id}, 'How much'),
			el('div', {class: 'choice'}, tail, icon('down')),
			el('button', {class: 'button quiet', type: 'button', onClick: () => turn.start()}, icon('refresh'), 'Refresh')),
		    trouble, text),
		start: () => turn.start(),
		stop: () => turn.stop(),
	};
}

/*
 * A fold in a panel that begins its work when it is opened and ends it when closed: {element, stop()}.
 * make() -> {element, start(), stop()}
 */
export function fold(title, make, {open = false} = {})
{
	let content = null;
	const element = el('details', {class: 'fold', open}, el('summary', {}, icon('down'), title));
	const settle = () => {
		if (!element.open) {
			content?.stop();
			return;
		}
		if (!content) {
			content = make();
			element.append(content.element);
		}
		content.start();
	};
	element.addEventListener('toggle', settle);
	return {element, stop: () => content?.stop()};
}
