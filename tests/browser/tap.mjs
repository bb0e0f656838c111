/* SPDX-License-Identifier: MIT */
/* Test Anything Protocol, one line a test: a plan at the end, why it failed beneath a failing one. */

const tests = [];

/* test('what is true', async () => { ... }); return 'SKIP why' to skip. */
export function test(name, run)
{
	tests.push({name, run});
}

export function equal(got, wanted, what)
{
	const [a, b] = [got, wanted].map((x) => JSON.stringify(x));
	if (a !== b)
		throw new Error(`${what}: got ${a}, wanted ${b}`);
}

export function ok(holds, what)
{
	if (!holds)
		throw new Error(what);
}

/* Runs those whose name contains one of "a|b" (all without it), or with "-a|b" the others.  Resolves with the number that failed. */
export async function runTests(only = '')
{
	const others = only.startsWith('-');
	const parts = only.replace(/^-/, '').split('|');
	const chosen = tests.filter(({name}) => others !== parts.some((part) => name.includes(part)));
	let failed = 0;
	console.log('TAP version 13');
	console.log('1..' + chosen.length);
	for (const [i, {name, run}] of chosen.entries()) {
		const began = Date.now();
		let verdict = 'ok';
		let note = '';
		try {
			const said = await run();
			if (typeof said === 'string' && said.startsWith('SKIP'))
				note = ' # ' + said;
		} catch (error) {
			verdict = 'not ok';
			failed++;
			for (const line of String(error.stack ?? error).split('\n').slice(0, 14))
				note += '\n# ' + line.replace(/\u001b\[\d+m/g, '');
		}
		console.log(`${verdict} ${i + 1} - ${name}${note}\n# ${Date.now() - began} ms`);
	}
	return failed;
}
