/* SPDX-License-Identifier: MIT */
/*
 * A closer look at instances that are starting: their health alone, which costs OSC one call where the whole list costs
 * one for every service and instance.
 */

import {call, part} from './api.js';
import {poll} from './poll.js';
import {SETTLED} from './roster.js';

const AT_ONCE = 6; /* the list itself keeps an eye on the rest */
const FIRST_MS = 1000;
const LAST_MS = 10000;
const GIVE_UP_MS = 300000;

/* onStatus(key, status) is called for every answer. */
export function healthWatch(onStatus)
{
	const watched = new Map();

	function watch({key, serviceId, name})
	{
		let wait = FIRST_MS;
		const end = Date.now() + GIVE_UP_MS;
		const path = `api/instances/${part(serviceId)}/${part(name)}/health`;
		const turn = poll(async () => {
			/* Trouble is the list's to show; here it only means: ask later. */
			const status = (await call(path))?.status;
			const now = typeof status === 'string' ? status.toLowerCase() : 'unknown';
			onStatus(key, now);
			if (SETTLED.has(now)) {
				watched.delete(key);
				return null;
			}
			if (Date.now() > end)
				return null; /* and stays known as watched, so that follow() does not begin again */
			wait = Math.min(LAST_MS, wait * 1.5);
			return wait;
		});
		watched.set(key, turn);
		turn.start();
	}

	return {
		/* Watch exactly those of these that are starting. */
		follow(entries)
		{
			const wanted = new Map(entries
			    .filter((e) => e.status === 'starting' && e.phase !== 'deleting' && !e.stale)
			    .map((e) => [e.key, e]));
			for (const [key, turn] of watched) {
				if (!wanted.has(key)) {
					turn.stop();
					watched.delete(key);
				}
			}
			for (const [key, entry] of wanted) {
				if (!watched.has(key) && watched.size < AT_ONCE)
					watch(entry);
			}
		},

		stop()
		{
			for (const turn of watched.values())
				turn.stop();
			watched.clear();
		},
	};
}
