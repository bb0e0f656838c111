/* SPDX-License-Identifier: MIT */
/*
 * The list on the page: groups of rows that stay the same elements from one answer to the next, so that nobody loses the
 * row under the finger or the keyboard focus because the list was asked for again.
 */

import {byId, el, fill} from './dom.js';
import {icon} from './icons.js';
import {arrange, belongs} from './roster.js';
import {chip, instanceRow, serviceGroup, settleChildren} from './row.js';

const CHIPS = [['all', 'All'], ['running', 'Running'], ['starting', 'Starting'], ['other', 'Needs a look']];
const IDEAS = ['minio-minio', 'valkey-io-valkey', 'encore'];
const REST_MS = 600;

export class InstanceList {
	#acts;
	#rows = new Map(); /* by key of the entry */
	#groups = new Map(); /* by service */
	#notices = new Map(); /* by what they say */
	#chips = new Map();
	#serial = 0;
	#words = '';
	#drawer = 'all';
	#entries = [];
	#failures = [];

	/* acts: {onDetails(entry), onDelete(entry), onAgain(), onNew(serviceId?), titleOf(id), speak(text)} */
	constructor(acts)
	{
		this.#acts = acts;
		for (const [value, label] of CHIPS)
			this.#chips.set(value, chip(value, label, () => this.#choose({drawer: value})));
		this.#chips.get('all').input.checked = true;
		byId('chips').append(...[...this.#chips.values()].map((c) => c.element));

		fill(byId('again'), icon('refresh'), el('span', {class: 'unseen'}, 'Refresh the list'));
		byId('again').addEventListener('click', acts.onAgain);

		let rest = 0;
		byId('filter').addEventListener('input', () => {
			this.#words = byId('filter').value;
			this.#draw();
			clearTimeout(rest);
			rest = setTimeout(() => this.#announce(), REST_MS); /* the count is said once the typing rests */
		});
	}

	/* What is known now: the roster's entries, and the services that could not be asked. */
	show(entries, failures)
	{
		this.#entries = entries;
		this.#failures = failures;
		this.#draw();
	}

	/* Where the focus goes when a row is about to vanish: the next row, the one before, or the heading. */
	focusBeside(key)
	{
		const all = [...byId('groups').querySelectorAll('.row-name')];
		const at = all.indexOf(this.#rows.get(key)?.name);
		(all[at + 1] ?? all[at - 1] ?? byId('title')).focus();
	}

	#choose({words = this.#words, drawer})
	{
		this.#words = byId('filter').value = words;
		this.#drawer = drawer;
		this.#chips.get(drawer).input.checked = true;
		this.#draw();
		this.#announce();
	}

	#announce()
	{
		const n = this.#rows.size;
		this.#acts.speak(n === 1 ? '1 instance shown' : `${n} instances shown`);
	}

	#draw()
	{
		this.#drawTools();
		const shown = arrange(this.#entries, {words: this.#words, show: this.#drawer, titleOf: this.#acts.titleOf});
		const groups = shown.map((group) => this.#drawGroup(group));
		prune(this.#rows, new Set(shown.flatMap((group) => group.entries.map((entry) => entry.key))));
		prune(this.#groups, new Set(shown.map((group) => group.serviceId)));

		const notes = this.#failures.map((failure) =>
			this.#notice(`failure ${failure.serviceId} ${failure.detail}`, () => this.#failureNote(failure)));
		if (!groups.length && !notes.length)
			notes.push(this.#entries.length
			    ? this.#notice('filtered', () => this.#nothingFits())
			    : this.#notice('empty', () => this.#nothingYet()));
		settleChildren(byId('groups'), [...notes, ...groups]);
		for (const [name, note] of this.#notices) {
			if (!notes.includes(note))
				this.#notices.delete(name);
		}
	}

	#drawTools()
	{
		byId('tools').hidden = false;
		byId('find').hidden = byId('chips').hidden = this.#entries.length === 0;
		for (const [value, c] of this.#chips) {
			const n = this.#entries.filter((entry) => belongs(entry, value)).length;
			c.show(n, n === 0 && value !== 'all' && value !== this.#drawer);
		}
	}

	#drawGroup({serviceId, title, entries})
	{
		const group = entryIn(this.#groups, serviceId, () => serviceGroup(serviceId, 'group-' + ++this.#serial));
		group.show(title, entries.length);
		settleChildren(group.list, entries.map((entry) => {
			const row = entryIn(this.#rows, entry.key, () => instanceRow(this.#acts));
			row.show(entry);
			return row.element;
		}));
		return group.element;
	}

	/* Notes too stay the same elements while they say the same. */
	#notice(name, make)
	{
		return entryIn(this.#notices, name, make);
	}

	#nothingFits()
	{
		const clear = () => {
			this.#choose({words: '', drawer: 'all'});
			byId('filter').focus();
		};
		return el('div', {class: 'card empty'},
		    el('p', {}, 'No instance fits the filter.'),
		    el('button', {class: 'button', type: 'button', onClick: clear}, 'Show all'));
	}

	#nothingYet()
	{
		const idea = (id) => el('button', {class: 'button', type: 'button', onClick: () => this.#acts.onNew(id)},
		    icon('plus'), this.#acts.titleOf(id));
		return el('div', {class: 'card empty'},
		    el('p', {class: 'empty-title'}, 'Nothing is running here yet'),
		    el('p', {}, 'Start with one of these, or choose from all services.'),
		    el('p', {class: 'ideas'}, IDEAS.map(idea)));
	}

	#failureNote({serviceId, detail})
	{
		return el('div', {class: 'notice warn'}, icon('alert'), el('div', {class: 'notice-words'},
		    el('p', {class: 'notice-title'}, this.#acts.titleOf(serviceId) + ' did not answer'),
		    typeof detail === 'string' && el('p', {}, detail),
		    el('p', {class: 'advice'}, 'Its instances are shown as last seen. The list is asked for again by itself.')));
	}
}

function entryIn(map, key, make)
{
	if (!map.has(key))
		map.set(key, make());
	return map.get(key);
}

function prune(map, wanted)
{
	for (const key of [...map.keys()]) {
		if (!wanted.has(key))
			map.delete(key);
	}
}
