/* SPDX-License-Identifier: MIT */
/* What is known of a thing, as labels and values. */

import {el} from './dom.js';

/* pairs: [[label, value], ...]; show(value) -> node; none: the sentence for when there are no pairs. */
export function facts(pairs, show, none)
{
	return pairs.length
	    ? el('dl', {class: 'facts'}, pairs.map(([label, value]) => [el('dt', {}, label), el('dd', {}, show(value))]))
	    : el('p', {class: 'muted'}, none);
}

/* An option's value as OSC gave it: a secret arrives as three asterisks. */
export function optionValue(value)
{
	if (value === '***')
		return el('span', {class: 'muted'}, 'Hidden');
	const text = typeof value === 'string' ? value : JSON.stringify(value);
	return el('code', {}, text);
}
