/* SPDX-License-Identifier: MIT */
/*
 * Long work: what the server does step by step, whether or not somebody looks (the operations of the API).
 *
 * It is followed by events from the server where the browser and the server have them, else by asking again.
 */

import {ApiError, address, call, part} from './api.js';
import {poll} from './poll.js';

const ASK_MS = 2000;
const ENDED = new Set(['succeeded', 'failed', 'cancelled']);

export function hasEnded(operation)
{
	return ENDED.has(operation.status);
}

/* The visitor's operations of these kinds (a prefix: 'convert.'), newest first. */
export async function operationsOf(kinds)
{
	const answer = await call('api/operations');
	return (Array.isArray(answer?.operations) ? answer.operations : [])
	    .filter((operation) => typeof operation?.id === 'string' && String(operation.kind).startsWith(kinds));
}

export function retry(operation)
{
	return call(`api/operations/${part(operation.id)}/retry`, {method: 'POST'});
}

/* Stop it where it has not ended, forget it where it has.  What it made stays either way. */
export function dismiss(operation)
{
	return call('api/operations/' + part(operation.id), {method: 'DELETE'});
}

/*
 * Follow one until it ends: onChange(operation) for everything new, onTrouble(error) when asking fails (it is asked again
 * by itself; null when that is over), an error with status 404 when it is gone.  Returns a function that stops it.
 */
export function follow(id, {onChange, onTrouble})
{
	const path = 'api/operations/' + part(id);
	let events = null;
	let over = false;

	const turn = poll(async () => {
		let operation;
		try {
			operation = await call(path);
		} catch (error) {
			onTrouble(error);
			if (error.status === 404 || error.status === 401)
				return null;
			throw error;
		}
		onTrouble(null);
		return take(operation) ? null : ASK_MS;
	});

	/* True when it has ended. */
	function take(operation)
	{
		if (over)
			return true;
		over = hasEnded(operation);
		if (over)
			events?.close();
		onChange(operation);
		return over;
	}

	async function listen()
	{
		const url = await address(path);
		if (over)
			return;
		events = new EventSource(url);
		events.addEventListener('operation', ({data}) => {
			const operation = parsed(data);
			if (operation)
				take(operation);
		});
		events.addEventListener('error', () => {
			/* A connection that ends is made again by the browser; one that is refused (too many, signed out) is not. */
			if (events.readyState === EventSource.CLOSED && !over)
				turn.start();
		});
	}

	if (typeof EventSource === 'function')
		listen().catch(onTrouble);
	else
		turn.start();
	return () => {
		over = true;
		events?.close();
		turn.stop();
	};
}

function parsed(text)
{
	try {
		const operation = JSON.parse(text);
		return typeof operation?.status === 'string' ? operation : null;
	} catch {
		return null;
	}
}

/* Its error, a problem object, as what problemBox() shows. */
export function errorOf({error})
{
	const text = (x) => (typeof x === 'string' ? x : '');
	return new ApiError('problem', Number.isInteger(error?.status) ? error.status : 0,
	    text(error?.title) || 'It did not work', text(error?.detail),
	    typeof error?.upstream?.service === 'string' ? error.upstream : null);
}
