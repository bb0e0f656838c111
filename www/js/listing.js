/* SPDX-License-Identifier: MIT */
/*
 * A list that keeps itself up to date, for pages that show one kind of thing.  Its rows stay the same elements from one
 * answer to the next, so that nobody loses the row under the finger or the keyboard focus.
 *
 * The page has the section that jobs.html has, with its ids: list, tools, filter, fresh, again, groups.
 */

import {waiting} from './busy.js';
import {byId, el, fill, say, set} from './dom.js';
import {icon} from './icons.js';
import {poll} from './poll.js';
import {settleChildren} from './row.js';
import {speak} from './spoken.js';
import {pip} from './status.js';

const REST_MS = 600;
const CALM_MS = 15000;

/*
 * desk              openDesk()'s, called for: the list comes before it
 * nouns             ['job', 'jobs']
 * load()            resolves with {items, failures}: failures are [{title, detail}] of what could not be asked
 * rowOf             {key(item), name(item), words(item) -> what else the filter finds it by, show(item), acts, onOpen}, see itemRow()
 * empty()           what to show when there is nothing
 * calm(items)       milliseconds until it is asked again; null for only by hand
 * onNews(item, old) told of every item that changed
 *
 * {start(), stop(), now(), items(), forget()}
 */
export function listing({desk, nouns, load, rowOf, empty, calm = () => CALM_MS, onNews = () => {}})
{
	const rows = new Map();
	const list = el('ul', {class: 'rows', role: 'list'});
	const card = el('div', {class: 'card'}, list);
	const turn = poll(ask);
	let items = null; /* null until something was heard: not knowing is not the same as nothing there */
	let failures = [];

	async function ask()
	{
		set(byId('list'), 'aria-busy', 'true');
		byId('again').classList.add('turning');
		if (!items)
			fill(byId('groups'), skeleton(nouns[1]));
		try {
			const answer = await load();
			tellNews(answer.items);
			items = answer.items;
			failures = answer.failures ?? [];
			desk().over();
			draw();
			say(byId('fresh'), 'Updated ' + new Date().toLocaleTimeString());
		} catch (error) {
			if (!items)
				fill(byId('groups'));
			desk().passing(error, items ? 'The list is not up to date' : `Your ${nouns[1]} cannot be shown`, again);
			throw error;
		} finally {
			set(byId('list'), 'aria-busy', 'false');
			byId('again').classList.remove('turning');
		}
		return calm(items);
	}

	function tellNews(fresh)
	{
		const before = new Map((items ?? []).map((item) => [rowOf.key(item), item]));
		for (const item of fresh) {
			if (before.has(rowOf.key(item)))
				onNews(item, before.get(rowOf.key(item)));
		}
	}

	/* poll() has stopped where calm() said so; start() asks at once either way. */
	function again()
	{
		return turn.start();
	}

	function draw()
	{
		const shown = items.filter(fits);
		byId('tools').hidden = false;
		byId('find').hidden = items.length < 5 && byId('filter').value === '';
		const keys = shown.map(rowOf.key);
		for (const key of [...rows.keys()]) {
			if (!keys.includes(key))
				rows.delete(key);
		}
		settleChildren(list, shown.map((item, i) => {
			if (!rows.has(keys[i]))
				rows.set(keys[i], itemRow(rowOf));
			rows.get(keys[i]).show(item);
			return rows.get(keys[i]).element;
		}));
		const body = shown.length ? [card] : failures.length ? []
		    : [items.length ? nothingFits() : el('div', {class: 'card empty'}, empty())];
		settle(byId('groups'), [...failures.map(failureNote), ...body]);
	}

	function fits(item)
	{
		const text = [rowOf.name(item), ...rowOf.words(item)].join(' ').toLowerCase();
		return byId('filter').value.toLowerCase().split(/\s+/).every((word) => text.includes(word));
	}

	function nothingFits()
	{
		return el('div', {class: 'card empty'}, el('p', {}, `None of the ${nouns[1]} fits the filter.`),
		    el('button', {class: 'button', type: 'button', onClick: () => {
			byId('filter').value = '';
			draw();
			byId('filter').focus();
		    }}, 'Show all'));
	}

	let rest = 0;
	byId('filter').addEventListener('input', () => {
		draw();
		clearTimeout(rest);
		rest = setTimeout(() => speak(rows.size === 1 ? `1 ${nouns[0]} shown` : `${rows.size} ${nouns[1]} shown`), REST_MS);
	});
	fill(byId('again'), icon('refresh'), el('span', {class: 'unseen'}, 'Refresh the list'));
	byId('again').addEventListener('click', async () => {
		await again();
		if (!byId('trouble'))
			speak('List is up to date.');
	});

	return {
		start: turn.start,
		stop: turn.stop,
		now: again,
		items: () => items ?? [],
		/* A kind of thing with other things in it: nothing of the old is shown while the new is asked for. */
		forget()
		{
			items = null;
			rows.clear();
		},
	};
}

/*
 * One row: {element, show(item)}.  of.show(item) says {status, kind, where, faded}: where is text or a node.
 * of.acts are [{icon, label(item), run(item), when(item), danger}].
 */
function itemRow(of)
{
	let item = null;
	let where = null;
	const sign = pip('unknown');
	const words = el('span');
	const name = of.onOpen
	    ? el('button', {class: 'row-name', type: 'button', onClick: () => of.onOpen(item)}, words, el('span', {class: 'unseen'}, ', details'))
	    : el('span', {class: 'row-name plain'}, words);
	const status = el('span', {class: 'row-status'});
	const place = el('span', {class: 'row-where muted'});
	const acts = of.acts.map((act) => {
		const label = el('span', {class: 'unseen'});
		const button = el('button', {class: 'button quiet icon-only' + (act.danger ? ' danger' : ''), type: 'button',
			onClick: () => act.run(item)}, icon(act.icon), label);
		return {act, button, label};
	});
	return {
		element: el('li', {class: 'row'}, sign, name, status, place,
		    el('span', {class: 'row-acts'}, acts.map(({button}) => button))),
		show(now)
		{
			item = now;
			const looks = of.show(item);
			say(words, of.name(item));
			set(sign, 'class', 'pip ' + looks.kind);
			say(status, looks.status);
			if (where !== looks.where)
				fill(place, where = looks.where);
			this.element.classList.toggle('faded', looks.faded === true);
			for (const {act, button, label} of acts) {
				say(label, act.label(item));
				set(button, 'title', act.label(item));
				button.hidden = act.when ? !act.when(item) : false;
			}
		},
	};
}

function settle(node, children)
{
	/* Only where something changed: notes are made anew each time, the card is always the same. */
	const same = node.children.length === children.length
	    && children.every((child, i) => node.children[i] === child || node.children[i].isEqualNode(child));
	if (!same)
		settleChildren(node, children);
}

function failureNote({title, detail})
{
	return el('div', {class: 'notice warn'}, icon('alert'), el('div', {class: 'notice-words'},
	    el('p', {class: 'notice-title'}, title), detail && el('p', {}, detail),
	    el('p', {class: 'advice'}, 'The rest is shown. The list is asked for again by itself.')));
}

function skeleton(noun)
{
	const row = () => el('div', {class: 'row'},
	    pip('ghosted'), el('span', {class: 'ghost'}), el('span', {class: 'ghost short'}));
	return el('div', {class: 'card skeleton'},
	    el('div', {class: 'unseen'}, waiting('Asking OSC for your ' + noun)), row(), row(), row());
}

/* Run work(item) for all of them, so many at a time.  Resolves with [{item, value}] and [{item, error}] in their order. */
export async function sideBySide(items, atOnce, work)
{
	const results = new Array(items.length);
	let next = 0;
	const lane = async () => {
		while (next < items.length) {
			const i = next++;
			results[i] = await work(items[i]).then((value) => ({item: items[i], value}), (error) => ({item: items[i], error}));
		}
	};
	await Promise.all(Array.from({length: Math.min(atOnce, items.length)}, lane));
	return results;
}
