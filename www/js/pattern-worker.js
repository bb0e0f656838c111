/* SPDX-License-Identifier: MIT */
/* Runs a pattern of the catalog where it can be stopped: some take for ever on the right text.  See pattern-check.js. */

onmessage = ({data: {pattern, text}}) => {
	let answer;
	try {
		answer = new RegExp(pattern).test(text) ? 'fits' : 'differs';
	} catch {
		answer = 'unknown'; /* no pattern that this browser understands */
	}
	postMessage(answer);
};
