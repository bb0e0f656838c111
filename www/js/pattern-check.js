/* SPDX-License-Identifier: MIT */
/*
 * Does a text fit a pattern of the catalog?  'fits', 'differs', or 'unknown' when the pattern is broken or takes longer
 * than a person would wait: then OSC decides.  The pattern runs in a worker, so that a bad one cannot freeze the page.
 */

const PATIENCE_MS = 500;

let worker = null;
let queue = Promise.resolve();

/* One at a time: the worker has no other way to say which question it answers. */
export function checkPattern(pattern, text)
{
	const answer = queue.then(() => ask(pattern, text));
	queue = answer.catch(() => {});
	return answer;
}

function ask(pattern, text)
{
	return new Promise((resolve) => {
		const done = (answer, keep) => {
			clearTimeout(timer);
			if (!keep) {
				worker?.terminate();
				worker = null;
			}
			resolve(answer);
		};
		const timer = setTimeout(() => done('unknown', false), PATIENCE_MS + (worker ? 0 : 2000));
		try {
			worker ??= new Worker(new URL('pattern-worker.js', import.meta.url));
		} catch {
			done('unknown', false);
			return;
		}
		worker.onmessage = ({data}) => done(data, true);
		worker.onerror = () => done('unknown', false);
		worker.postMessage({pattern, text});
	});
}
