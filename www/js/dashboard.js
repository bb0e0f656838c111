/* SPDX-License-Identifier: MIT */
/*
 * The dashboard: puts the parts together and owns what is between them - who is signed in, the list's polling, and what
 * happens after something was created or deleted.
 */

import {ApiError, call, part} from './api.js';
import {confirmed} from './confirm.js';
import {CreatePanel} from './create.js';
import {detailsPanel} from './details.js';
import {byId, el, fill, say, set} from './dom.js';
import {takeDraft} from './draft.js';
import {icon} from './icons.js';
import {InstanceList} from './instances.js';
import {showPlan} from './plan.js';
import {poll} from './poll.js';
import {problemBox, signInLink} from './problem.js';
import {Roster, keyOf} from './roster.js';
import {serviceBook} from './services.js';
import * as session from './session.js';
import {speak, tell} from './spoken.js';
import {pip} from './status.js';
import {healthWatch} from './watch.js';

/* The list costs OSC a call for each service and each instance: ask seldom, and the seldomer the longer it takes. */
const CALM_MS = 10000;
const CALMEST_MS = 60000;
const STATUS_MS = 60000;
const ENDS_SOON_S = 300;

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
const details = detailsPanel({titleOf: book.titleOf, onDelete: remove});
const listTurn = poll(loadList);
const statusTurn = poll(checkStatus);

let inside = false;
let entering = false;
let firstList = true; /* since signing in: says what to show while waiting, and what is no news */
let unknown = true;

/* ---- who is there ---- */

async function enter()
{
	if (entering)
		return;
	entering = true;
	show('checking');
	try {
		const now = await session.status();
		if (!now.signedIn) {
			closed('You are not signed in', 'Sign in to see your workspace. You come back to this page.', 'Sign in with OSC');
			return;
		}
		inside = true;
		firstList = true;
		show('desk');
		showSession(now);
		session.tellSignedIn();
		begin();
	} catch (error) {
		show('door');
		fill(byId('door'), problemBox(error, {retry: enter, heading: 'h1'}));
	} finally {
		entering = false;
	}
}

function begin()
{
	listTurn.start();
	statusTurn.start();
	showPlan().then((plan) => showTenant(plan?.tokens?.tenantId));
	session.who().then(({tenant}) => showTenant(tenant), () => {});
	/* Titles come with the services; the list does not wait for them. */
	book.load().then(draw, () => {});
	const draft = takeDraft();
	if (draft)
		create.open(draft.serviceId, draft.values);
}

function leave()
{
	inside = false;
	listTurn.stop();
	statusTurn.stop();
	watch.stop();
}

/* The session is gone.  An open form stays open with what was entered; it shows its own way back in. */
function lost()
{
	if (!inside)
		return;
	leave();
	closed('Your sign-in has ended', 'Sign in again to go on. You come back to this page.', 'Sign in again');
	speak('Your sign-in has ended.');
}

function closed(title, text, label)
{
	show('door');
	fill(byId('door'), el('h1', {}, title), el('p', {class: 'lead'}, text),
	    el('p', {class: 'acts'}, signInLink(label, {class: 'button primary large', id: 'signin'})));
}

function show(which)
{
	for (const id of ['checking', 'door', 'desk'])
		byId(id).hidden = id !== which;
	byId('account').hidden = which !== 'desk';
}

async function signOut()
{
	set(byId('signout'), 'aria-disabled', 'true');
	try {
		leave();
		await session.signOut();
		takeDraft();
		location.replace(new URL('./#signed-out', document.baseURI));
	} catch (error) {
		set(byId('signout'), 'aria-disabled', null);
		note(error, 'Not signed out');
		inside = true;
		listTurn.start();
		statusTurn.start();
	}
}

/* ---- the session, at the top ---- */

async function checkStatus()
{
	const now = await session.status();
	if (!now.signedIn) {
		lost();
		return null;
	}
	showSession(now);
	return STATUS_MS;
}

function showSession({expiresAt, canRefresh})
{
	const until = expiresAt ? (canRefresh ? `, renews ${clock(expiresAt)}` : ` until ${clock(expiresAt)}`) : '';
	say(byId('session'), 'Signed in' + until);
	if (!canRefresh && expiresAt - Date.now() / 1000 < ENDS_SOON_S && !byId('ending'))
		byId('notes').append(endingNote(expiresAt));
}

function endingNote(expiresAt)
{
	return el('div', {class: 'notice warn', id: 'ending', role: 'status'}, icon('alert'), el('div', {class: 'notice-words'},
	    el('p', {class: 'notice-title'}, `Your sign-in ends at ${clock(expiresAt)}`),
	    el('p', {}, 'OSC gave it no way to renew itself.'),
	    el('p', {class: 'acts'}, signInLink('Sign in again now'))));
}

function showTenant(tenant)
{
	if (!tenant)
		return;
	say(byId('who'), tenant);
	say(byId('tenant'), tenant + '’s workspace');
}

function clock(seconds)
{
	return new Date(seconds * 1000).toLocaleString([], {
		...(Math.abs(Date.now() / 1000 - seconds) > 72000 && {weekday: 'short'}), hour: '2-digit', minute: '2-digit',
	});
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
		byId('trouble')?.remove();
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
	if (error.status === 401)
		return; /* lost() has shown it */
	if (firstList)
		fill(byId('groups'));
	if (byId('trouble')?.dataset.title === error.title)
		return; /* said already; an alert repeated every few seconds helps nobody */
	note(error, firstList ? 'Your instances cannot be shown' : 'The list is not up to date');
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
			note(error, entry.name + ' was not deleted');
		}
	}
	draw();
	if (inside)
		listTurn.now();
}

function note(error, lead)
{
	if (error.status === 401)
		return;
	const shown = error instanceof ApiError ? error
	    : new ApiError('nonsense', 0, 'This page failed', String(error?.message ?? ''));
	const box = problemBox(shown, {lead, retry: () => {
		byId('trouble')?.remove();
		refresh({loud: true});
	}});
	box.id = 'trouble';
	box.dataset.title = shown.title;
	byId('trouble')?.remove();
	byId('notes').prepend(box);
}

function skeleton()
{
	const row = () => el('div', {class: 'row'},
	    pip('ghosted'), el('span', {class: 'ghost'}), el('span', {class: 'ghost short'}));
	return el('div', {class: 'card skeleton'},
	    el('p', {class: 'unseen', role: 'status'}, 'Asking OSC for your instances'), row(), row(), row());
}

fill(byId('new'), icon('plus'), 'New instance');
byId('new').addEventListener('click', () => create.open());
byId('signout').addEventListener('click', signOut);
session.onChange({lost, maybe: () => (inside ? statusTurn.now() : enter())});
/* Signed in again in another window: go on when this one is looked at. */
document.addEventListener('visibilitychange', async () => {
	if (document.hidden || inside || !byId('signin'))
		return;
	const now = await session.status().catch(() => null);
	if (now?.signedIn)
		enter();
});
enter();
