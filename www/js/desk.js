/* SPDX-License-Identifier: MIT */
/*
 * What every page behind the sign-in has in common: whether somebody is there, the way in, the way out, who it is, the
 * links to the other pages, and the place for what went wrong.
 *
 *   const desk = openDesk({begin, leave});
 *
 * begin() is called each time the page is entered, leave() when the session is gone: start and stop asking there.  The
 * page has the elements that dashboard.html has outside its <div id="desk">, and in there one with id "notes".
 */

import {ApiError} from './api.js';
import {byId, el, fill, say, set} from './dom.js';
import {dropDraft} from './draft.js';
import {icon} from './icons.js';
import {showPages} from './pages.js';
import {poll} from './poll.js';
import {problemBox, signInLink} from './problem.js';
import * as session from './session.js';
import {speak} from './spoken.js';

const STATUS_MS = 60000;
const ENDS_SOON_S = 300;

/*
 * {inside(), note(error, lead, retry), passing(error, lead, retry), over(), tenant(name)}
 *
 * note() shows one trouble at the top of the page in place of the one before, until it is dismissed; retry is what "Try
 * again" does.  passing() is for what is asked again by itself: over() takes such a trouble away, and no other.
 */
export function openDesk({begin, leave = () => {}})
{
	const statusTurn = poll(checkStatus);
	let inside = false;
	let entering = false;

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
			show('desk');
			showSession(now);
			session.tellSignedIn();
			statusTurn.start();
			session.who().then(({tenant}) => showTenant(tenant), () => {});
			begin();
		} catch (error) {
			show('door');
			fill(byId('door'), problemBox(error, {retry: enter, heading: 'h1'}));
		} finally {
			entering = false;
		}
	}

	function stop()
	{
		inside = false;
		statusTurn.stop();
		leave();
	}

	/* The session is gone.  An open form stays open with what was entered; it shows its own way back in. */
	function lost()
	{
		if (!inside)
			return;
		stop();
		closed('Your sign-in has ended', 'Sign in again to go on. You come back to this page.', 'Sign in again');
		speak('Your sign-in has ended.');
	}

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

	async function signOut()
	{
		set(byId('signout'), 'aria-disabled', 'true');
		try {
			stop();
			await session.signOut();
			dropDraft();
			location.replace(new URL('./#signed-out', document.baseURI));
		} catch (error) {
			set(byId('signout'), 'aria-disabled', null);
			note(error, 'Not signed out', signOut, false);
			inside = true;
			statusTurn.start();
			begin();
		}
	}

	byId('signout').addEventListener('click', signOut);
	showPages(byId('pages'));
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
	return {
		inside: () => inside, tenant: showTenant, over,
		note: (error, lead, retry) => note(error, lead, retry, false),
		passing: (error, lead, retry) => note(error, lead, retry, true),
	};
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
	byId('account').hidden = byId('pages').hidden = which !== 'desk';
	/* On a phone the links run out of the window: the one of this page is brought into it. */
	byId('pages').querySelector('[aria-current]')?.scrollIntoView({block: 'nearest', inline: 'nearest'});
}

/* ---- the session, at the top ---- */

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

/* ---- what went wrong ---- */

function note(error, lead, retry, passes)
{
	if (error.status === 401)
		return; /* lost() has shown it */
	const shown = error instanceof ApiError ? error
	    : new ApiError('nonsense', 0, 'This page failed', String(error?.message ?? ''));
	if (passes && byId('trouble')?.dataset.title === lead + shown.title)
		return; /* said already; an alert repeated every few seconds helps nobody */
	const away = () => byId('trouble')?.remove();
	const box = problemBox(shown, {lead, dismiss: !passes && (() => {
		away();
		byId('title').focus();
	}), retry: retry && (() => {
		away();
		retry();
	})});
	box.id = 'trouble';
	box.dataset.title = lead + shown.title;
	box.dataset.passes = String(passes);
	away();
	byId('notes').prepend(box);
}

function over()
{
	if (byId('trouble')?.dataset.passes === 'true')
		byId('trouble').remove();
}
