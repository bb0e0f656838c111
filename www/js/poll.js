/* SPDX-License-Identifier: MIT */
/*
 * Ask again and again, gently: only while somebody looks, one at a time, slower while it fails.
 *
 * work() resolves with the milliseconds until it wants to be called again, or null to stop.
 */

const FIRST_RETRY_MS = 3000;
const LAST_RETRY_MS = 60000;

export function poll(work)
{
	let timer = 0;
	let running = false;
	let askedAgain = false;
	let stopped = true;
	let failures = 0;
	let dueAt = 0;

	async function turn()
	{
		clearTimeout(timer);
		if (running)
			askedAgain = true; /* what is on its way may be older than what was just done */
		if (stopped || running || document.hidden)
			return;
		running = true;
		let wait;
		try {
			wait = await work();
			failures = 0;
		} catch {
			/* work() has shown it; here it only counts.  A little chance keeps many pages from asking in step. */
			wait = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures++) * (0.8 + Math.random() * 0.4);
		}
		running = false;
		if (askedAgain && !stopped)
			wait = 0;
		askedAgain = false;
		if (wait === null)
			stop();
		else
			plan(wait);
	}

	function plan(wait)
	{
		dueAt = Date.now() + wait;
		clearTimeout(timer);
		if (!stopped && !document.hidden)
			timer = setTimeout(turn, wait);
	}

	function seen()
	{
		if (document.hidden)
			clearTimeout(timer);
		else if (!running)
			plan(Math.max(0, dueAt - Date.now()));
	}

	function stop()
	{
		stopped = true;
		clearTimeout(timer);
		document.removeEventListener('visibilitychange', seen);
	}

	return {
		start()
		{
			stopped = false;
			document.addEventListener('visibilitychange', seen);
			return turn();
		},

		/* At once, after something was done. */
		now()
		{
			failures = 0;
			return stopped ? undefined : turn();
		},

		stop,
	};
}
