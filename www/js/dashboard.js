/* SPDX-License-Identifier: MIT */
/*
 * The dashboard: puts the parts together and owns what is between them - the list's polling, and what happens after
 * something was created, deleted or resumed.
 */

import {call, part} from './api.js';
import {confirmed} from './confirm.js';
import {CreatePanel} from './create.js';
import {openDesk} from './desk.js';
import {detailsPanel} from './details.js';
import {byId, el, fill, say, set} from './dom.js';
import {takeDraft} from './draft.js';
import {icon} from './icons.js';
import {InstanceList} from './instances.js';
import {showPlan} from './plan.js';
import {poll} from './poll.js';
import {Roster, keyOf} from './roster.js';
import {serviceBook} from './services.js';
import {speak, tell} from './spoken.js';
import {pip} from './status.js';
import {suspendedList} from './suspended.js';
import {healthWatch} from './watch.js';

/* The list costs OSC a call for each service and each instance: ask seldom, and the seldomer the longer it takes. */
const CALM_MS = 10000;
const CALMEST_MS = 60000;

const known = new Roster();
const book = serviceBook();
const watch = healthWatch(onHealth);
const list = new InstanceList({
	titleOf: book.titleOf, speak,
	onDetails: (entry) => details.open(entry),
	onDelete: remove,
	onNew: (serviceId) => create.open(serviceId),
	onAgain: () => refresh({loud: true}),
});
const create = new CreatePanel({book, onCreated, entryOf: (key) => known.get(key)});
const details = detailsPanel({titleOf: book.titleOf, onDelete: remove, onRestarted: () => refresh({loud: false})});
const suspended = suspendedList({titleOf: book.titleOf, onResumed: () => refresh({loud: false})});
const listTurn = poll(loadList);

let firstList = true; /* since signing in: says what to show while waiting, and what is no news */
let unknown = true;

fill(byId('new'), icon('plus'), 'New instance');
byId('new').addEventListener('click', () => create.open());
const desk = openDesk({begin, leave});

function begin()
{
	firstList = true;
	listTurn.start();
	suspended.start();
	showPlan().then((plan) => desk.tenant(plan?.tokens?.tenantId));
	/* Titles come with the services; the list does not wait for them. */
	book.load().then(draw, () => {});
	const draft = takeDraft();
	if (draft)
		create.open(draft.serviceId, draft.values);
}

function leave()
{
	listTurn.stop();
	suspended.stop();
	watch.stop();
}

/* ---- the list ---- */

async function loadList()
{
	const began = Date.now();
	set(byId('list'), 'aria-busy', 'true');
	byId('again').classList.add('turning');
	if (firstList)
		fill(byId('groups'), skeleton());
	try {
		const answer = await call('api/instances');
		const news = known.take(answer, Date.now());
		desk.over();
		unknown = false;
		draw();
		if (!firstList)
			report(news);
		firstList = false;
		say(byId('fresh'), 'Updated ' + new Date().toLocaleTimeString());
	} catch (error) {
		listFailed(error);
		throw error;
	} finally {
		set(byId('list'), 'aria-busy', 'false');
		byId('again').classList.remove('turning');
	}
	return Math.min(CALMEST_MS, Math.max(CALM_MS, 10 * (Date.now() - began)));
}

function listFailed(error)
{
	if (firstList && error.status !== 401)
		fill(byId('groups'));
	desk.passing(error, firstList ? 'Your instances cannot be shown' : 'The list is not up to date', () => refresh({loud: true}));
}

async function refresh({loud})
{
	await listTurn.now();
	if (loud && !byId('trouble'))
		speak('List is up to date.');
}

function draw()
{
	if (unknown)
		return; /* nothing heard yet is not the same as nothing there */
	const entries = known.all();
	list.show(entries, known.failures());
	watch.follow(entries);
	create.refresh();
	const running = entries.filter((e) => e.status === 'running' && e.phase !== 'deleting').length;
	fill(byId('sum-running'), el('span', {class: 'figure'}, String(running), ' ', el('small', {}, `of ${entries.length}`)));
}

function report(news)
{
	for (const {entry, what} of news) {
		if (what === 'running')
			tell(entry.name + ' is running.');
		else if (what === 'failed' || what === 'stopped')
			tell(`${entry.name} has ${what}.`, 'bad');
		else if (what === 'gone' && entry.phase !== 'deleting')
			tell(entry.name + ' is gone.', 'bad');
	}
}

function onHealth(key, status)
{
	const entry = known.health(key, status);
	if (!entry)
		return;
	draw();
	report([{entry, what: status}]);
}

/* ---- acts ---- */

function onCreated(serviceId, document)
{
	const entry = known.created(serviceId, document, Date.now());
	draw();
	speak(entry.name + ' is being created.');
	return entry.key;
}

async function remove(entry)
{
	const title = book.titleOf(entry.serviceId);
	const sure = await confirmed({
		title: `Delete ${entry.name}?`,
		text: [
			el('p', {}, `This removes the ${title} instance `, el('strong', {}, entry.name),
			    ' from your workspace, with everything stored in it.'),
			el('p', {}, 'It cannot be brought back.'),
		],
		yes: 'Delete ' + entry.name,
	});
	if (!sure)
		return;
	const key = keyOf(entry);
	known.deleting(key);
	list.focusBeside(key);
	draw();
	try {
		await call(`api/instances/${part(entry.serviceId)}/${part(entry.name)}`, {method: 'DELETE'});
		known.deleted(key, Date.now());
		tell(entry.name + ' is deleted.');
	} catch (error) {
		if (error.status === 404) {
			known.deleted(key, Date.now());
			tell(entry.name + ' was gone already.');
		} else {
			known.deleteFailed(key);
			desk.note(error, entry.name + ' was not deleted', () => remove(entry));
		}
	}
	draw();
	listTurn.now();
}

function skeleton()
{
	const row = () => el('div', {class: 'row'},
	    pip('ghosted'), el('span', {class: 'ghost'}), el('span', {class: 'ghost short'}));
	return el('div', {class: 'card skeleton'},
	    el('p', {class: 'unseen', role: 'status'}, 'Asking OSC for your instances'), row(), row(), row());
}
