/* SPDX-License-Identifier: MIT */
/* Who is signed in and until when, the way in and the way out.  Tokens are the server's affair: none ever comes here. */

import {address, call, whenSignedOut} from './api.js';

/* Tabs tell each other, so that signing out in one leaves nothing to read in another. */
const tabs = typeof BroadcastChannel === 'function' ? new BroadcastChannel('oscgi-session') : null;

/* {signedIn, expiresAt?, signedInAt?, canRefresh?}; costs OSC nothing and does not count as using the session. */
export function status(signal)
{
	return call('auth/status', {signal});
}

/* The workspace and person behind the session, '' where unknown. */
export async function who()
{
	const headers = await call('auth/check', {wantHeaders: true});
	return {tenant: headers.get('X-OSC-Tenant') ?? '', subject: headers.get('X-OSC-Subject') ?? ''};
}

/* Where a sign-in link points.  returnTo is a path of this site; without it, back to this page. */
export async function signInAddress(returnTo = location.pathname + location.search)
{
	return await address('auth/signin') + '?return_to=' + encodeURIComponent(returnTo);
}

export async function signOut()
{
	await call('auth/signout', {method: 'POST'});
	tabs?.postMessage('signed-out');
}

/* Another tab came back from signing in: this one may go on. */
export function tellSignedIn()
{
	tabs?.postMessage('signed-in');
}

/*
 * lost()   the session is gone: a call was answered 401, or another tab signed out
 * maybe()  worth asking for the status again: another tab signed in, or the page came back from the history
 */
export function onChange({lost, maybe})
{
	whenSignedOut(lost);
	tabs?.addEventListener('message', ({data}) => (data === 'signed-out' ? lost() : maybe()));
	/* A page that the browser kept whole still shows what it showed before signing out. */
	addEventListener('pageshow', (event) => event.persisted && maybe());
}
