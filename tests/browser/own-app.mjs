/* SPDX-License-Identifier: MIT */
/* doc/build-your-own.md, followed: its blocks are served (tests/e2e/browser puts them there) and used. */

import {passSandbox, freshName, visit, withSandbox} from './browser.mjs';
import {equal, ok, test} from './tap.mjs';

const LONG = {timeout: 300000};

test('build your own: the page of the documentation makes, shows and removes its ad server', () => withSandbox({healthDelayMs: 1500}, () => visit(async (page) => {
	await page.goto('/adserver.html');
	await page.getByRole('link', {name: 'Sign in with Open Source Cloud'}).click();
	await passSandbox(page, freshName('visitor'));
	await page.waitForURL('**/adserver.html');
	await page.getByText('There is none in your workspace yet.').waitFor();
	await page.getByRole('button', {name: 'Make it'}).click();
	await page.getByText('It runs at ').waitFor(LONG);
	ok(/^http/.test(await page.locator('#state a').getAttribute('href')), 'its address');
	await page.reload();
	await page.getByText('It runs at ').waitFor(LONG);
	await page.getByRole('button', {name: 'Remove it'}).click();
	await page.getByText('There is none in your workspace yet.').waitFor();
	await page.getByRole('button', {name: 'Sign out'}).click();
	await page.getByRole('link', {name: 'Sign in with Open Source Cloud'}).waitFor();
	equal(await page.locator('#trouble').textContent(), '', 'trouble');
}, {answers: /adserver/})));

test('build your own: what OSC refuses is said on the page', () => visit(async (page) => {
	await page.goto('/adserver.html');
	await page.getByRole('link', {name: 'Sign in with Open Source Cloud'}).click();
	await passSandbox(page, freshName('visitor'));
	await page.getByText('There is none in your workspace yet.').waitFor();
	await page.route('**/api/instances/eyevinn-test-adserver?wait=25', (route) => route.fulfill({
		status: 403, contentType: 'application/problem+json', json: {title: 'Refused', status: 403, detail: 'Your plan has no room for it.'},
	}));
	await page.getByRole('button', {name: 'Make it'}).click();
	await page.getByText('Your plan has no room for it.').waitFor();
	await page.getByRole('button', {name: 'Make it'}).waitFor();
}, {answers: /adserver/}));
