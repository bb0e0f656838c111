/* SPDX-License-Identifier: MIT */
/* The landing page: the way in, or on to the dashboard for those who are in already. */

import {byId, fill, say, set} from './dom.js';
import {problemBox} from './problem.js';
import {onChange, signInAddress, status} from './session.js';

const dashboard = new URL('dashboard.html', document.baseURI).pathname;

async function show()
{
	fill(byId('trouble'));
	try {
		const session = await status();
		if (session.signedIn)
			showIn(session);
		else
			await showOut();
	} catch (error) {
		fill(byId('trouble'), problemBox(error, {retry: show}));
	}
}

function showIn(session)
{
	const enter = byId('enter');
	say(enter, 'Go to your instances');
	set(enter, 'href', dashboard);
	say(byId('who'), 'Signed in');
	const since = session.signedInAt ? ' since ' + clock(session.signedInAt) : '';
	say(byId('state'), 'You are signed in' + since + '.');
}

async function showOut()
{
	const enter = byId('enter');
	say(enter, 'Sign in with OSC');
	set(enter, 'href', await signInAddress(dashboard));
	say(byId('who'), '');
	if (location.hash === '#signed-out')
		say(byId('state'), 'You are signed out. Nothing of yours is kept here.');
}

function clock(seconds)
{
	return new Date(seconds * 1000).toLocaleTimeString([], {hour: '2-digit', minute: '2-digit'});
}

onChange({lost: show, maybe: show});
show();
