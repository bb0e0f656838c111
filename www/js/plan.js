/* SPDX-License-Identifier: MIT */
/* Plan and balance, in the strip above the list. */

import {call} from './api.js';
import {byId, el, fill} from './dom.js';
import {icon} from './icons.js';

/* Asks and shows.  A plan that cannot be had is not worth an error page: it reads "unknown" and may be asked again. */
export async function showPlan()
{
	let answer;
	try {
		answer = await call('api/plan');
	} catch (error) {
		const again = el('button', {class: 'link', type: 'button', onClick: showPlan}, 'ask again');
		fill(byId('sum-plan'), unknown(), ' ', again);
		fill(byId('sum-balance'), el('small', {}, error.title ?? 'It could not be asked'));
		return null;
	}
	fill(byId('sum-plan'), typeof answer?.plan === 'string' ? planName(answer.plan) : unknown());
	fill(byId('sum-balance'), balance(answer?.tokens));
	return answer;
}

function unknown()
{
	return el('span', {class: 'muted'}, 'Unknown');
}

function planName(plan)
{
	return plan.slice(0, 1).toUpperCase() + plan.slice(1).toLowerCase();
}

function balance(tokens)
{
	const left = numberOf(tokens?.remainingTokens);
	const all = numberOf(tokens?.availableTokens);
	if (left === null)
		return unknown();

	const words = el('span', {class: 'figure'}, left.toLocaleString(), ' ',
	    el('small', {}, all === null ? 'tokens left' : `of ${all.toLocaleString()} tokens left`));
	if (left <= 0)
		return [words, el('small', {class: 'overdrawn'}, icon('alert'), 'Used up: OSC may suspend what is running.')];
	if (all === null || all <= 0)
		return words;
	return [words, el('meter', {
		min: 0, max: all, low: all * 0.15, value: Math.min(left, all), 'aria-label': 'Tokens left',
	})];
}

function numberOf(x)
{
	return typeof x === 'number' && Number.isFinite(x) ? x : null;
}
