/* SPDX-License-Identifier: MIT */
/* An instance coming up: how far it is, where it will be, and the secrets that nobody will show again. */

import {el, fill, outward, say, set} from './dom.js';
import {icon} from './icons.js';
import {pip, statusKind, statusWord} from './status.js';

/*
 * Nodes for a panel, and how to bring them up to date: {nodes, refresh(entry)}.  refresh() takes the roster's entry as it
 * is now, undefined when it is gone.
 */
export function birth(secrets)
{
	const sign = pip('starting');
	const word = el('strong');
	const hint = el('p', {class: 'muted'});
	const where = el('p');
	return {
		nodes: [
			el('div', {class: 'birth'}, sign, el('div', {}, word, hint)),
			where,
			secrets.length > 0 && keepThese(secrets),
		],
		refresh(entry)
		{
			set(sign, 'class', 'pip large ' + (entry ? statusKind(entry) : 'unknown'));
			say(word, entry ? statusWord(entry) : 'Gone');
			say(hint, hintFor(entry));
			if (entry?.url && !where.firstChild)
				fill(where, outward(entry.url, entry.url, {class: 'address'}));
		},
	};
}

function hintFor(entry)
{
	if (!entry)
		return 'OSC does not list it any more.';
	if (entry.status === 'running')
		return 'Its address can take up to a minute more before it answers.';
	if (entry.status === 'failed')
		return 'It did not come up. Look at its details, then delete it and try again with other options.';
	return 'This usually takes half a minute. You can close this; the list shows how it goes on.';
}

/* OSC never gives a secret back, so this is the moment to keep it. */
function keepThese(secrets)
{
	return el('section', {class: 'keep'},
	    el('h3', {}, 'Keep these now'),
	    el('p', {class: 'muted'}, 'OSC does not show secrets again, and neither does this page.'),
	    el('dl', {}, secrets.map(({label, value}) => [
		el('dt', {}, label),
		el('dd', {}, el('code', {}, value), copyButton(label, value)),
	    ])));
}

function copyButton(label, value)
{
	if (!navigator.clipboard)
		return null; /* only there on https and on the loopback */
	const word = el('span', {}, 'Copy');
	const copy = async () => {
		const done = await navigator.clipboard.writeText(value).then(() => true, () => false);
		say(word, done ? 'Copied' : 'Select it and copy by hand');
	};
	return el('button', {class: 'button quiet', type: 'button', 'aria-label': 'Copy ' + label, onClick: copy},
	    icon('copy'), word);
}
