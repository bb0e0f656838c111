/* SPDX-License-Identifier: MIT */
/* Test Anything Protocol: tests run in the order in which they are written. */
'use strict';

const tests = [];

function test(name, run)
{
	tests.push({name, run});
}

function equal(got, wanted, what)
{
	const [a, b] = [got, wanted].map((x) => JSON.stringify(x));
	if (a !== b)
		throw new Error(`${what}: got ${a}, wanted ${b}`);
}

/* Resolves with the error that the promise ends in; one that ends well is a failure. */
async function fails(promise, what)
{
	let value;
	try {
		value = await promise;
	} catch (error) {
		return error;
	}
	throw new Error(`${what}: got ${JSON.stringify(value)}, wanted a failure`);
}

/* Asks again and again, a minute at most, until the answer is true. */
async function eventually(ask, what)
{
	const until = Date.now() + 60000;
	while (!await ask()) {
		if (Date.now() > until)
			throw new Error(what + ': still not after a minute');
		await new Promise((done) => setTimeout(done, 50));
	}
}

async function runTests()
{
	let failed = 0;
	console.log('TAP version 13\n1..' + tests.length);
	for (const [i, {name, run}] of tests.entries()) {
		try {
			await run();
			console.log(`ok ${i + 1} - ${name}`);
		} catch (error) {
			failed++;
			console.log(`not ok ${i + 1} - ${name}`);
			for (const line of String(error.stack ?? error).split('\n').slice(0, 12))
				console.log('# ' + line);
		}
	}
	return failed;
}

module.exports = {equal, eventually, fails, runTests, test};
