/* SPDX-License-Identifier: MIT */
/* What went wrong, why, and what to do: from an ApiError to words and to a box on the page. */

import {el, set} from './dom.js';
import {icon} from './icons.js';
import {signInAddress} from './session.js';

const ADVICE = {
	400: 'Look at what was entered and try again.',
	401: 'Sign in again. You come back to this page.',
	403: 'Your plan or your rights in this workspace may not allow it. Look at your plan in the OSC console.',
	404: 'It may have been removed in the meantime. Reload the page to see what is there.',
	409: 'It clashes with something that is already there. Choose another name, or look for it in the list.',
	413: 'Make what is sent shorter.',
	422: 'Look at what was entered and try again.',
	429: 'Wait a minute, then try again.',
	500: 'Try again. If it keeps happening, tell whoever runs this site.',
	502: 'Open Source Cloud has trouble, not you. Try again in a minute.',
	503: 'This site is out of order at the moment. Try again in a minute; if it stays so, tell whoever runs it.',
	504: 'Open Source Cloud is slow at the moment. Try again in a minute.',
};

/* {title, detail, advice, why}: plain text, each may be '' except title and advice. */
function explain(error)
{
	const status = error.status ?? 0;
	let advice = ADVICE[status] ?? (status >= 500 ? ADVICE[500] : 'Try again. If it keeps happening, reload the page.');
	if (error.kind === 'network')
		advice = 'Check the connection, then try again.';
	if (error.kind === 'timeout')
		advice = 'Try again. What was asked for may still have happened: look at the list first.';

	let why = '';
	if (error.upstream)
		why = 'OSC (' + error.upstream.service + ') answered ' + (error.upstream.status || 'nothing') + '.';
	else if (error.kind === 'nonsense' && status)
		why = 'This site answered ' + status + '.';
	return {
		title: error.title ?? 'Something went wrong',
		detail: error.detail ?? (error.title ? '' : String(error.message)),
		advice, why,
	};
}

/*
 * A box that says it all.  retry and dismiss, where given, are what "Try again" and "Dismiss" do.  It is an alert: put it into the page when the
 * trouble happens, and screen readers say it.
 */
export function problemBox(error, {retry, dismiss, heading = 'h2', lead = ''} = {})
{
	const {title, detail, advice, why} = explain(error);
	const act = el('p', {class: 'acts'});
	if (error.status === 401)
		act.append(signInLink());
	else if (retry)
		act.append(el('button', {class: 'button', type: 'button', onClick: retry}, icon('refresh'), 'Try again'));
	if (dismiss)
		act.append(el('button', {class: 'button quiet', type: 'button', onClick: dismiss}, 'Dismiss'));

	return el('div', {class: 'notice bad', role: 'alert'},
	    icon('alert'),
	    el('div', {class: 'notice-words'},
		el(heading, {class: 'notice-title'}, lead ? lead + ': ' + title : title),
		detail && el('p', {}, detail),
		el('p', {class: 'advice'}, advice),
		why && el('p', {class: 'why'}, why),
		act.firstChild && act));
}

export function signInLink(label = 'Sign in again', attributes = {class: 'button primary'})
{
	const link = el('a', {...attributes, rel: 'nofollow'}, label);
	signInAddress().then((address) => set(link, 'href', address), () => set(link, 'href', 'auth/signin'));
	return link;
}
