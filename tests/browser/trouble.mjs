/* SPDX-License-Identifier: MIT */
/* What failed says why and what to do, and goes away when it is over. */

import {answerWith, freshName, passSandbox, problem, signIn, until, visit} from './browser.mjs';
import {createInstance, openForm} from './main-job.mjs';
import {equal, ok, test} from './tap.mjs';

const one = (status = 'running') => ({json: {instances: [{serviceId: 'minio-minio', name: 'one', url: 'https://one.osaas.io/', status}], errors: []}});

test('the site cannot be reached: the landing page says so, and tries again', () => visit(async (page) => {
	let down = true;
	await page.route(/\/(auth|cgi-bin)\/status/, (route) => (down ? route.abort('connectionrefused') : route.fallback()));
	await page.goto('/');
	const alert = page.getByRole('alert');
	await alert.getByText('This site cannot be reached').waitFor();
	await alert.getByText('Check the connection, then try again.').waitFor();
	down = false;
	await alert.getByRole('button', {name: 'Try again'}).click();
	await alert.waitFor({state: 'detached'});
}, {answers: /status/}));

test('a service that is out of order is no reason to look elsewhere', () => visit(async (page) => {
	await page.route(/\/(auth|cgi-bin)\/status/, (route) => route.fulfill({status: 503, contentType: 'application/problem+json',
		body: JSON.stringify({title: 'The store cannot be written', status: 503, detail: 'The disk is full.'})}));
	await page.goto('/dashboard.html');
	await page.getByRole('heading', {name: 'The store cannot be written'}).waitFor();
	await page.getByText('The disk is full.').waitFor();
	await page.getByText('tell whoever runs it').waitFor();
}, {answers: /status/}));

for (const [status, advice] of [[500, 'tell whoever runs this site'], [502, 'Open Source Cloud has trouble, not you'], [504, 'Open Source Cloud is slow']]) {
	test(`${status} of the list: why, what to do, and over when it is over`, () => visit(async (page) => {
		let down = true;
		await answerWith(page, 'instances', () => (down ? problem(status, 'It did not work', 'The catalog said no.', {service: 'catalog', status: 500}) : one()));
		await page.goto('/');
		await page.click('#enter');
		await passSandbox(page, freshName('visitor'));
		const alert = page.locator('#trouble');
		await alert.getByText('Your instances cannot be shown: It did not work').waitFor();
		await alert.getByText('The catalog said no.').waitFor();
		await alert.getByText('OSC (catalog) answered 500.').waitFor();
		await alert.getByText(advice).waitFor();
		equal(await page.getByText('Nothing is running here yet').count(), 0, 'claims that nothing is there');
		down = false;
		await alert.getByRole('button', {name: 'Try again'}).click();
		await page.waitForSelector('.row');
		equal(await page.locator('#trouble').count(), 0, 'the trouble is over');
	}, {answers: /instances/}));
}

test('a list that fails later stays, with a word on top, and is asked for more and more seldom', () => visit(async (page) => {
	let down = false;
	const asked = [];
	await answerWith(page, 'instances', () => {
		asked.push(Date.now());
		return down ? 'cut' : one();
	});
	await page.clock.install();
	await signIn(page);
	await page.waitForSelector('.row');
	down = true;
	asked.length = 0;
	for (let second = 0; second < 180; second++)
		await page.clock.runFor(1000);
	await page.getByText('The list is not up to date').waitFor();
	equal(await page.locator('.row').count(), 1, 'rows still there');
	equal(await page.getByRole('alert').count(), 1, 'alerts, not one for each try');
	ok(asked.length >= 3 && asked.length <= 9, `asked ${asked.length} times in three minutes of failing`);
}, {answers: /instances|status/}));

test('nobody looks, nobody asks', () => visit(async (page) => {
	let asked = 0;
	await answerWith(page, 'instances', () => {
		asked++;
		return one();
	});
	await page.clock.install();
	await signIn(page);
	await page.waitForSelector('.row');
	const look = (hidden) => page.evaluate((value) => {
		Object.defineProperty(document, 'hidden', {configurable: true, get: () => value});
		document.dispatchEvent(new Event('visibilitychange'));
	}, hidden);
	await look(true);
	await page.waitForTimeout(300); /* for what is under way */
	asked = 0;
	for (let second = 0; second < 120; second++)
		await page.clock.runFor(1000);
	equal(asked, 0, 'lists asked for while hidden');
	await look(false);
	await page.clock.runFor(1000);
	await until(() => asked > 0);
	await page.waitForTimeout(300);
	equal(asked, 1, 'lists asked for on coming back');
}));

test('one service that fails costs only its own rows', () => visit(async (page) => {
	let down = false;
	const other = {serviceId: 'encore', name: 'two', url: '', status: 'running'};
	await answerWith(page, 'instances', () => {
		const {json} = one();
		return {json: down ? {instances: json.instances, errors: [{serviceId: 'encore', detail: 'It timed out.'}]}
		    : {instances: [...json.instances, other], errors: []}};
	});
	await signIn(page);
	await page.locator('.row', {hasText: 'two'}).waitFor();
	down = true;
	await page.click('#again');
	await page.getByText('SVT Encore did not answer').waitFor();
	await page.getByText('It timed out.').waitFor();
	await page.locator('.row', {hasText: 'two'}).getByText('Running when last seen').waitFor();
	await page.locator('.row', {hasText: 'one'}).getByText('Running', {exact: true}).waitFor();
}));

test('a creation that is refused says why and keeps the form', () => visit(async (page) => {
	await signIn(page);
	await openForm(page);
	await answerWith(page, 'instances/minio-minio', problem(403, 'OSC refused', 'Your plan allows two instances.', {service: 'minio-minio', status: 403}));
	await page.fill('#create-form [name=name]', 'mine');
	await page.click('#create button[type=submit]');
	await page.getByText('Not created: OSC refused').waitFor();
	await page.getByText('Your plan allows two instances.').waitFor();
	await page.getByText('Look at your plan in the OSC console.').waitFor();
	equal(await page.inputValue('#create-form [name=name]'), 'mine', 'the form');
}, {answers: /instances/}));

test('a creation is sent once, however often the button is pressed', () => visit(async (page) => {
	await signIn(page);
	await openForm(page);
	let sent = 0;
	await answerWith(page, 'instances/minio-minio', async () => {
		sent++;
		await new Promise((resolve) => setTimeout(resolve, 600));
		return {status: 201, json: {name: 'once', url: 'https://once.osaas.io/'}};
	});
	await page.fill('#create-form [name=name]', 'once');
	await page.evaluate(() => {
		for (let i = 0; i < 5; i++)
			document.querySelector('#create-form').requestSubmit();
	});
	await page.waitForSelector('.birth');
	equal(sent, 1, 'requests');
}, {answers: /once/}));

test('a deletion that is refused brings the row back', () => visit(async (page) => {
	await signIn(page);
	const name = freshName('d');
	await createInstance(page, name);
	await answerWith(page, 'instances/minio-minio/' + name, (request) => (request.method() === 'DELETE'
	    ? problem(502, 'OSC did not do it', 'The orchestrator is away.', {service: 'minio-minio', status: 500}) : 'go on'));
	await page.locator('.row').getByRole('button', {name: 'Delete ' + name}).click();
	await page.locator('#confirm').getByRole('button', {name: 'Delete ' + name}).click();
	await page.getByText(name + ' was not deleted: OSC did not do it').waitFor();
	ok(!/deleted/.test(await page.locator('.row', {hasText: name}).textContent()), 'the row is as before');
	await page.click('#again');
	await page.locator('#list[aria-busy=false]').waitFor();
	await page.waitForTimeout(500);
	equal(await page.locator('#trouble').count(), 1, 'said until it was read, whatever the list says');
	await page.locator('#trouble').getByRole('button', {name: 'Dismiss'}).click();
	equal(await page.locator('#trouble').count(), 0, 'dismissed');
}, {answers: /instances/}));

test('an instance that fails says so', () => visit(async (page) => {
	let status = 'starting';
	await answerWith(page, 'instances', () => one(status));
	await answerWith(page, 'instances/minio-minio/one/health', () => ({json: {status}}));
	await signIn(page);
	await page.locator('.row', {hasText: 'Starting'}).waitFor();
	status = 'failed';
	await page.locator('.toast', {hasText: 'one has failed.'}).waitFor();
	await page.locator('.row', {hasText: 'Failed'}).waitFor();
}));

test('a plan that cannot be had is no more than unknown', () => visit(async (page) => {
	let down = true;
	await answerWith(page, 'plan', () => (down ? problem(502, 'The plan cannot be had', '') : {json: {plan: 'FREE', tokens: {remainingTokens: -12}}}));
	await signIn(page);
	await page.locator('#sum-plan', {hasText: 'Unknown'}).waitFor();
	down = false;
	await page.getByRole('button', {name: 'ask again'}).click();
	await page.locator('#sum-plan', {hasText: 'Free'}).waitFor();
	await page.getByText('OSC may suspend what is running').waitFor();
}, {answers: /plan/}));

test('an answer in the service\'s place is not taken for one', () => visit(async (page) => {
	await answerWith(page, 'instances', {status: 200, body: '<!doctype html><p>Log in to the hotel\'s network'});
	await page.goto('/');
	await page.click('#enter');
	await passSandbox(page, freshName('visitor'));
	await page.getByText('Your instances cannot be shown: The answer could not be read').waitFor();
}, {answers: /instances/}));
