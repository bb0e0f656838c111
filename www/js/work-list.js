/* SPDX-License-Identifier: MIT */
/* The long work of a page, found again after a reload: a card for each that goes on, failed, or ended before the eyes. */

import {byId} from './dom.js';
import {operationCard} from './operation-card.js';
import {operationsOf} from './operations.js';
import {settleChildren} from './row.js';

const DONE = new Set(['succeeded', 'cancelled']);

/*
 * place   the element for the cards
 * kinds   of which operations: a prefix such as 'convert.'
 * titleOf and steps as operationCard() wants them; onEnd(operation) when one has ended
 *
 * {load() rejects with an ApiError, add(operation), stop(),
 *  unfinished() -> whether one goes on or waits to be mended, has(system) -> whether one of that system does,
 *  follows(id) -> whether it has a card}
 */
export function workList({place, kinds, titleOf, steps, onEnd})
{
	const cards = new Map(); /* by id */

	function add(operation)
	{
		cards.get(operation.id)?.stop();
		cards.set(operation.id, operationCard(operation, {
			titleOf, steps, onEnd,
			onGone()
			{
				const held = cards.get(operation.id)?.element.contains(document.activeElement);
				cards.delete(operation.id);
				draw();
				if (held)
					byId('title').focus(); /* the button that was pressed is gone with the card */
				onEnd(operation);
			},
		}));
		draw();
	}

	function draw()
	{
		place.hidden = cards.size === 0;
		settleChildren(place, [...cards.values()].map((card) => card.element));
	}

	function unfinished()
	{
		return [...cards.values()].map((card) => card.operation()).filter(({status}) => !DONE.has(status));
	}

	return {
		add,

		async load()
		{
			for (const operation of (await operationsOf(kinds)).reverse()) {
				if (!cards.has(operation.id) && !DONE.has(operation.status))
					add(operation);
			}
			draw();
		},

		unfinished: () => unfinished().length > 0,
		has: (system) => unfinished().some((operation) => operation.system === system),
		follows: (id) => cards.has(id),

		stop()
		{
			for (const card of cards.values())
				card.stop();
			cards.clear();
			draw();
		},
	};
}
