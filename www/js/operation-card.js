/* SPDX-License-Identifier: MIT */
/* Long work on the page: its steps, how long each took, what went wrong, and the button that mends it. */

import {whileBusy} from './busy.js';
import {el, fill, say, set} from './dom.js';
import {icon} from './icons.js';
import {dismiss, errorOf, follow, hasEnded, retry} from './operations.js';
import {problemBox} from './problem.js';
import {settleChildren} from './row.js';
import {speak, tell} from './spoken.js';
import {pip} from './status.js';
import {duration} from './time-words.js';

const SIGNS = {pending: 'stopped', running: 'starting', succeeded: 'running', failed: 'failed', cancelled: 'leaving'};
const WORDS = {pending: 'Waiting', running: 'At work', succeeded: 'Done', failed: 'Failed', cancelled: 'Cancelled'};

/*
 * titleOf(operation) -> its heading in words, for each status
 * steps                 {name: words}: what its steps are called
 * onEnd(operation)      told once when it has ended while followed here
 * onGone()              told when it was dismissed, or is not there any more
 *
 * {element, stop(), operation() as it is now}.  It begins to follow at once where the operation has not ended.
 */
export function operationCard(first, {titleOf, steps: names = {}, onEnd = () => {}, onGone = () => {}})
{
	let operation = first;
	let stopFollowing = () => {};
	const title = el('h3', {tabindex: '-1'});
	const time = el('p', {class: 'count'});
	const bar = el('progress', {max: 1, 'aria-label': 'Progress'});
	const trouble = el('div', {class: 'trouble'});
	const wordsOf = (step) => (Object.hasOwn(names, step.name) ? names[step.name] : inWords(step.name));
	const steps = stepList(wordsOf);
	const acts = el('p', {class: 'acts'});
	const element = el('section', {class: 'card work', 'aria-label': titleOf(first)},
	    el('header', {class: 'work-head'}, title, time), bar, trouble, acts, steps.element);
	const clock = setInterval(() => draw(false), 1000);

	function begin()
	{
		stopFollowing();
		if (!hasEnded(operation))
			stopFollowing = follow(operation.id, {onChange, onTrouble});
		draw(true);
	}

	function onChange(now)
	{
		const before = operation;
		operation = now;
		draw(before.status !== now.status);
		sayNews(before, now);
		if (hasEnded(now) && !hasEnded(before))
			onEnd(now);
	}

	/* Each step that has ended is worth a word to those who do not see it; the end of all to everybody. */
	function sayNews(before, now)
	{
		if (hasEnded(now)) {
			tell(titleOf(now) + '.', now.status === 'succeeded' ? 'good' : 'bad');
			return;
		}
		const done = now.steps?.find((step, i) => step.status === 'succeeded' && before.steps?.[i]?.status !== 'succeeded');
		if (done)
			speak(`${wordsOf(done)}: done`);
	}

	function onTrouble(error)
	{
		if (error?.status === 404) {
			stop();
			onGone();
		} else if (error && error.status !== 401 && !trouble.firstChild) {
			fill(trouble, problemBox(error, {heading: 'h4', lead: 'How far it is cannot be shown'}));
		} else if (!error && operation.status !== 'failed') {
			fill(trouble);
		}
	}

	function draw(changed)
	{
		say(title, titleOf(operation));
		set(element, 'aria-label', titleOf(operation));
		say(time, duration(operation.createdAt, hasEnded(operation) ? operation.updatedAt : now()));
		bar.value = Number(operation.progress) || 0;
		bar.hidden = hasEnded(operation);
		steps.show(operation);
		if (!changed)
			return;
		fill(trouble, operation.status === 'failed' && problemBox(errorOf(operation), {heading: 'h4'}));
		changeButtons();
	}

	/* Who has just pressed one that goes is at the heading then, which says what came of it. */
	function changeButtons()
	{
		const held = acts.contains(document.activeElement);
		fill(acts, buttons());
		if (held)
			title.focus();
	}

	function buttons()
	{
		if (!hasEnded(operation))
			return act('Cancel', 'stop', 'Cancelling', () => dismiss(operation));
		const away = act('Dismiss', 'close', 'Dismissing', gone);
		if (operation.status !== 'failed')
			return away;
		return [act('Retry', 'refresh', 'Retrying', again, 'button primary'), away];
	}

	async function gone()
	{
		await dismiss(operation).catch((error) => {
			if (error.status !== 404)
				throw error;
		});
		stop();
		onGone();
	}

	async function again()
	{
		operation = await retry(operation) ?? {...operation, status: 'running'};
		begin();
	}

	function act(word, sign, doing, work, style = 'button')
	{
		const label = [icon(sign), word];
		const button = el('button', {class: style, type: 'button', onClick: () => whileBusy(button, doing, label, async () => {
			try {
				await work();
			} catch (error) {
				fill(trouble, problemBox(error, {heading: 'h4', lead: 'It did not work'}));
			}
		})}, label);
		return button;
	}

	function stop()
	{
		stopFollowing();
		clearInterval(clock);
	}

	begin();
	return {element, stop, operation: () => operation};
}

function stepList(wordsOf)
{
	const element = el('ol', {class: 'work-steps', role: 'list'});
	const rows = [];
	return {
		element,
		show({steps})
		{
			const list = Array.isArray(steps) ? steps : [];
			while (rows.length < list.length)
				rows.push(stepRow(wordsOf));
			rows.length = list.length;
			list.forEach((step, i) => rows[i].show(step));
			settleChildren(element, rows.map((row) => row.element));
		},
	};
}

function stepRow(wordsOf)
{
	const sign = pip('stopped');
	const name = el('span', {class: 'work-name'});
	const what = el('span', {class: 'work-what'});
	const status = el('span', {class: 'work-status'});
	const time = el('span', {class: 'count'});
	const element = el('li', {}, sign, name, what, status, time);
	return {
		element,
		show(step)
		{
			set(sign, 'class', 'pip ' + (SIGNS[step.status] ?? 'unknown'));
			say(name, wordsOf(step));
			say(what, step.instance ? `${step.instance} · ${step.serviceId ?? ''}` : '');
			say(status, (WORDS[step.status] ?? '') + (step.detail ? ': ' + step.detail : ''));
			say(time, step.startedAt ? duration(step.startedAt, step.endedAt || (step.status === 'running' ? now() : 0)) : '');
			element.classList.toggle('waits', step.status === 'pending');
		},
	};
}

function inWords(name)
{
	const words = String(name ?? '').replace(/[-_.]/g, ' ');
	return words.slice(0, 1).toUpperCase() + words.slice(1);
}

function now()
{
	return Math.floor(Date.now() / 1000);
}
