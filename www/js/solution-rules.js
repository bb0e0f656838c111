/* SPDX-License-Identifier: MIT */
/* What a solution's words mean: plain functions, no page in sight. */

const STATES = {
	queued: {word: 'Waiting', kind: 'starting', busy: true},
	running: {word: 'Being made', kind: 'starting', busy: true},
	succeeded: {word: 'Ready', kind: 'running', busy: false},
	failed: {word: 'Failed', kind: 'failed', busy: false},
	destroying: {word: 'Being removed', kind: 'leaving', busy: true},
};

export function stateOf({status})
{
	return (Object.hasOwn(STATES, status) && STATES[status]) || {word: 'Unknown', kind: 'unknown', busy: false};
}

/* Lines of "name = value" to an object.  A value that reads as JSON is that, everything else text, quotes around it or not. */
export function readVariables(text)
{
	const variables = {};
	for (const line of text.split('\n')) {
		const at = line.indexOf('=');
		const name = line.slice(0, at).trim();
		if (at > 0 && name && !name.startsWith('#') && name !== '__proto__')
			variables[name] = valueOf(line.slice(at + 1).trim());
	}
	return variables;
}

function valueOf(text)
{
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}

/*
 * A log that is handed out piece by piece: read(offset) resolves with {lines, next, done}, and the function given back,
 * called again and again, with {text, done} for the last so many lines.
 */
export function solutionLog(read)
{
	const lines = [];
	let next = 0;
	return async (tail) => {
		const answer = await read(next);
		const fresh = Array.isArray(answer?.lines) ? answer.lines : [];
		lines.push(...fresh.map(lineOf));
		next = Number.isInteger(answer?.next) ? answer.next : next + fresh.length;
		return {text: lines.slice(-tail).join('\n'), done: answer?.done === true};
	};
}

function lineOf(line)
{
	if (typeof line === 'string')
		return line;
	const time = String(line?.timestamp ?? '').replace(/^.*T|\.\d+Z$|Z$/g, '');
	const level = line?.level && line.level !== 'info' ? line.level + ': ' : '';
	return `${time} ${level}${line?.message ?? ''}`.trim();
}
