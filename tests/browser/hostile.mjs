/* SPDX-License-Identifier: MIT */
/* Text from OSC, and from whoever publishes a service there, is hostile: it is shown, and does nothing. */

import {answerWith, freshName, problem, signIn, visit} from './browser.mjs';
import {openForm} from './main-job.mjs';
import {equal, ok, test} from './tap.mjs';

let serial = 0;
const image = () => `"><img src=x onerror="window.pwned=${++serial}">`;
const script = () => `<script>window.pwned=${++serial}</script>`;
const address = () => `javascript:window.pwned=${++serial}//`;

const service = () => ({
	serviceId: 'evil', apiUrl: 'https://api.example.osaas.io/evil', serviceType: 'instance', status: 'PUBLISHED',
	serviceMetadata: {
		title: 'Evil ' + image(), description: script(), documentationUrl: address(), repoUrl: address(),
		imagePreviewUrl: address(), category: image(), keywords: [image()],
	},
	serviceInstanceOptions: [
		{name: 'name', label: 'Name' + image(), type: 'string', mandatory: true, regexValidator: image()},
		{name: image(), label: script(), description: image(), extendedDescription: script(), type: 'string', mandatory: true, default: image()},
		{name: 'choice', label: image(), type: 'enum', enums: [image(), script()], default: image(), mandatory: true},
		{name: '__proto__', label: '__proto__', type: 'string', mandatory: false, default: 'x'},
		{name: 'constructor', label: 'constructor', type: 'boolean', mandatory: false},
		{name: 'slow', label: 'Slow', type: 'string', mandatory: false, regexValidator: '^(a+)+$'},
		{name: 'broken', label: 'Broken', type: 'string', mandatory: false, regexValidator: '([', default: 7, description: {}},
		null, 7, {}, {name: 'choice'},
	],
});

/* Nothing on the page is an element that only a hostile text could have made, and no link leads off the web. */
async function harmless(page)
{
	await page.waitForTimeout(200);
	const found = await page.evaluate(() => ({
		elements: [...document.querySelectorAll('img:not([src="icon.svg"]), script:not([src^="js/"]), iframe, object, base, style')].map((n) => n.outerHTML),
		links: [...document.querySelectorAll('a[href]')].map((a) => a.href).filter((href) => !/^https?:/.test(href)),
		handlers: [...document.querySelectorAll('*')].flatMap((n) => [...n.attributes]).map((a) => a.name).filter((name) => /^on|^style$/.test(name)),
	}));
	equal(found, {elements: [], links: [], handlers: []}, 'made of hostile text');
}

test('hostile values of an instance of one\'s own are text', () => visit(async (page) => {
	await signIn(page);
	const name = freshName('h');
	await openForm(page);
	const value = image();
	await page.fill('#create-form [name=name]', name);
	await page.fill('#create-form [name=RootUser]', value);
	await page.click('#create button[type=submit]');
	await page.waitForSelector('.birth');
	await page.getByRole('button', {name: 'Done'}).click();
	await page.locator('.row-name', {hasText: name}).click();
	await page.locator('#details code', {hasText: 'onerror'}).waitFor();
	equal(await page.locator('#details dd', {hasText: 'onerror'}).first().textContent(), value, 'shown as it is');
	await harmless(page);
}));

test('hostile services, options, instances and errors are text', () => visit(async (page) => {
	await answerWith(page, 'services', {json: [service()]});
	await answerWith(page, 'instances', {json: {
		instances: [
			{serviceId: 'evil', name: image(), url: address(), status: image()},
			{serviceId: script(), name: 'b', url: 'https://user:secret@example.com/', status: 'running'},
			{serviceId: '__proto__', name: '__proto__', url: 'data:text/html,' + script(), status: '__proto__'},
			{serviceId: 'evil', name: 'c', url: '  ' + address(), status: 'failed'},
			null, 7, {serviceId: 7},
		],
		errors: [{serviceId: image(), detail: image()}, {serviceId: 'evil', detail: {}}, null],
	}});
	await answerWith(page, 'instances/.*', problem(404, image(), script(), {service: image(), status: 404}));
	await answerWith(page, 'plan', {json: {plan: image(), tokens: {tenantId: image(), remainingTokens: image(), availableTokens: '1'}}});
	await signIn(page);
	await page.waitForSelector('.row');
	equal(await page.locator('.row').count(), 4, 'rows');
	await harmless(page);

	await page.locator('.row-name', {hasText: 'onerror'}).click();
	await page.locator('#details [role=alert]').waitFor();
	await harmless(page);
	await page.keyboard.press('Escape');

	await page.click('#new');
	await page.locator('.offer', {hasText: 'Evil'}).click();
	await page.waitForSelector('#create-form');
	await page.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = true; }));
	await harmless(page);
	await page.fill('#create-form [name=name]', 'abc');
	await answerWith(page, 'instances/evil', problem(422, script(), image(), {service: script(), status: 422}));
	await page.selectOption('#create-form [name=choice]', {index: 1});
	await page.click('#create button[type=submit]');
	await page.getByText('Not created').waitFor();
	await harmless(page);
	await page.keyboard.press('Escape');

	await page.locator('.row', {hasText: 'onerror'}).getByRole('button', {name: /^Delete/}).click();
	await page.waitForSelector('#confirm[open]');
	await harmless(page);
}, {answers: /instances/}));

test('a pattern that never ends does not freeze the page', () => visit(async (page) => {
	await answerWith(page, 'services', {json: [service()]});
	await answerWith(page, 'instances', {json: {instances: [], errors: []}});
	await signIn(page);
	await page.click('#new');
	await page.locator('.offer', {hasText: 'Evil'}).click();
	await page.waitForSelector('#create-form');
	await page.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = true; }));
	await page.fill('#create-form [name=slow]', 'a'.repeat(60) + '!');
	const began = Date.now();
	await page.fill('#create-form [name=broken]', 'anything');
	await page.click('#create button[type=submit]');
	await page.waitForSelector('.summary [role=alert], .birth');
	ok(Date.now() - began < 30000, 'it took ' + (Date.now() - began) + ' ms');
	equal(await page.getAttribute('#create-form [name=slow]', 'aria-invalid'), null, 'what cannot be told is left to OSC');
}, {answers: /instances/}));

test('a return path from outside leads nowhere', () => visit(async (page) => {
	for (const path of ['//example.com/', 'https://example.com/', '/\\example.com', 'javascript:alert(1)']) {
		const answer = await page.request.get('/auth/signin?return_to=' + encodeURIComponent(path), {maxRedirects: 0});
		ok([303, 400].includes(answer.status()), `${path}: ${answer.status()}`);
		ok(!answer.headers().location?.includes('example.com'), path + ' is in the redirect');
	}
}));

test('an instance\'s name that is not a path stays one part of it', () => visit(async (page) => {
	const asked = [];
	await answerWith(page, 'instances', {json: {instances: [{serviceId: 'a/b', name: '../../auth/signout?x#y', url: '', status: 'running'}], errors: []}});
	await signIn(page);
	page.on('request', (request) => asked.push(new URL(request.url()).pathname));
	await page.locator('.row-name').click();
	await page.locator('#details [role=alert]').waitFor();
	ok(asked.some((path) => path.endsWith('/instances/a%2Fb/..%2F..%2Fauth%2Fsignout%3Fx%23y')), 'asked: ' + asked);
}, {answers: /instances/}));

