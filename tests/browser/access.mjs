/* SPDX-License-Identifier: MIT */
/* Keyboard, screen reader, contrast, motion. */

import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';

import {answerWith, freshName, passSandbox, picture, problem, signIn, still, visit} from './browser.mjs';
import {everyPage} from './every-page.mjs';
import {createInstance, openForm} from './main-job.mjs';
import {equal, ok, test} from './tap.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

async function audit(page, where)
{
	if (!await page.evaluate(() => 'axe' in window))
		await page.evaluate(axe);
	await still(page);
	const found = await page.evaluate(async () => {
		const {violations} = await window.axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']});
		return violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target + ' ' + (n.any[0]?.message ?? '')).join(' | ')}`);
	});
	equal(found, [], 'axe, ' + where);
}

for (const colorScheme of ['light', 'dark']) {
	for (const [shape, viewport] of [['wide', {width: 1280, height: 860}], ['phone', {width: 390, height: 844}]]) {
		test(`axe finds nothing, ${colorScheme}, ${shape}`, () => visit(async (page) => {
			await page.goto('/');
			await page.waitForLoadState('networkidle');
			await audit(page, 'landing');
			await page.goto('/dashboard.html');
			await page.waitForSelector('#signin');
			await audit(page, 'signed out');
			await signIn(page);
			await audit(page, 'empty list');
			await page.click('#new');
			await page.waitForSelector('.offer');
			await audit(page, 'choosing a service');
			await page.keyboard.press('Escape');
			await openForm(page);
			await page.fill('#create-form [name=RootPassword]', 'abc');
			await page.click('#create button[type=submit]');
			await page.waitForSelector('.summary [role=alert]');
			await audit(page, 'form with errors');
			await page.fill('#create-form [name=name]', freshName('x'));
			await page.getByRole('button', {name: 'Generate RootPassword'}).click();
			await page.locator('#create-form [name=RootPassword][type=text]').waitFor();
			await page.click('#create button[type=submit]');
			await page.waitForSelector('.keep');
			await audit(page, 'created, with a secret');
			await page.getByRole('button', {name: 'Done'}).click();
			await audit(page, 'list');
			await page.locator('.row-name').first().click();
			await page.locator('#details h3').first().waitFor();
			await audit(page, 'details');
			await page.keyboard.press('Escape');
			await page.locator('.row').first().getByRole('button', {name: /^Delete/}).click();
			await audit(page, 'confirmation');
			await page.keyboard.press('Escape');
			await answerWith(page, 'instances', problem(502, 'OSC did not answer', 'The catalog is away.', {service: 'catalog', status: 500}));
			await page.click('#again');
			await page.waitForSelector('#trouble');
			await audit(page, 'trouble');
		}, {answers: /instances/, colorScheme, viewport}));
	}
}

for (const colorScheme of ['light', 'dark']) {
	for (const [shape, viewport] of [['wide', {width: 1280, height: 860}], ['phone', {width: 390, height: 844}]]) {
		test(`axe finds nothing on the other pages, ${colorScheme}, ${shape}`, () => visit((page) =>
			everyPage(page, (where) => audit(page, where)), {colorScheme, viewport}));
	}
}

for (const colorScheme of ['light', 'dark']) {
	test(`axe finds nothing on the page after a refusal, ${colorScheme}`, () => visit(async (page) => {
		await page.goto('/');
		await page.click('#enter');
		await passSandbox(page, freshName('visitor'), 'deny');
		await page.getByText(/not granted/i).first().waitFor();
		await audit(page, 'access denied');
		await picture(page, 'denied-' + colorScheme);
	}, {answers: /callback/, colorScheme}));
}

/* What has the focus, as a person would name it. */
const focused = (page) => page.evaluate(() => {
	const node = document.activeElement;
	return (node.labels?.[0]?.textContent || node.getAttribute('aria-label') || node.textContent || node.id).trim();
});

async function tabTo(page, wanted, limit = 40)
{
	for (let i = 0; i < limit; i++) {
		await page.keyboard.press('Tab');
		const name = await focused(page);
		if (name.startsWith(wanted))
			return;
	}
	throw new Error(`no way to "${wanted}" with Tab; now at "${await focused(page)}"`);
}

test('the main job with the keyboard alone', () => visit(async (page) => {
	const name = freshName('k');
	await page.goto('/');
	await page.waitForLoadState('networkidle');
	await page.keyboard.press('Tab');
	equal(await focused(page), 'Skip to the content', 'the first stop');
	await tabTo(page, 'Sign in with OSC');
	await page.keyboard.press('Enter');
	await passSandbox(page, freshName('visitor'));
	await page.waitForURL('**/dashboard.html');
	await page.waitForSelector('#desk .empty');

	await tabTo(page, 'New instance');
	await page.keyboard.press('Enter');
	await page.waitForSelector('.offer');
	equal(await focused(page), 'New instance', 'the panel\'s heading');
	await tabTo(page, 'Find a service');
	await page.keyboard.type('minio');
	await tabTo(page, 'MinIO');
	await page.keyboard.press('Enter');
	const activate = page.getByRole('button', {name: 'Activate and go on'});
	await page.waitForSelector('#create-form, .activation');
	if (await activate.isVisible()) {
		await tabTo(page, 'Activate and go on');
		await page.keyboard.press('Enter');
		await page.waitForSelector('#create-form');
	}
	await tabTo(page, 'Name');
	await page.keyboard.type(name);
	await page.keyboard.press('Enter');
	await page.waitForSelector('.birth');
	equal(await focused(page), `${name} is on its way`, 'the next heading');
	await tabTo(page, 'Done');
	await page.keyboard.press('Enter');
	equal(await focused(page), 'New instance', 'back at the button that opened it');

	await tabTo(page, name);
	await page.keyboard.press('Enter');
	await page.waitForSelector('#details[open]');
	await page.keyboard.press('Escape');
	ok((await focused(page)).startsWith(name), 'back at the row');
	await tabTo(page, 'Delete ' + name);
	await page.keyboard.press('Enter');
	equal(await focused(page), 'Keep it', 'the harmless answer first');
	await page.keyboard.press('Tab');
	await page.keyboard.press('Enter');
	await page.waitForSelector('.row', {state: 'detached'});
	ok(await page.evaluate(() => document.activeElement !== document.body), 'the focus is somewhere');

	await page.keyboard.press('Shift+Tab');
	await page.evaluate(() => document.querySelector('#signout').focus());
	await page.keyboard.press('Enter');
	await page.getByText('You are signed out').waitFor();
}));

test('what has the focus can be seen to have it', () => visit(async (page) => {
	await signIn(page);
	await createInstance(page, freshName('f'));
	await page.evaluate(() => document.activeElement.blur());
	const plain = [];
	for (let i = 0; i < 14; i++) {
		await page.keyboard.press('Tab');
		const seen = await page.evaluate(() => {
			const node = document.activeElement;
			const ring = (n) => n && parseFloat(getComputedStyle(n).outlineWidth) >= 2 && getComputedStyle(n).outlineStyle !== 'none';
			return node === document.body || ring(node) || ring(node.nextElementSibling) || node.className === 'skip';
		});
		if (!seen)
			plain.push(await focused(page));
	}
	equal(plain, [], 'without a ring');
}));

test('a screen reader is told what happens', () => visit(async (page) => {
	await page.addInitScript(() => {
		window.heard = [];
		new MutationObserver(() => {
			const text = document.getElementById('spoken')?.textContent;
			if (text && text !== window.heard.at(-1))
				window.heard.push(text);
		}).observe(document, {childList: true, characterData: true, subtree: true});
	});
	await signIn(page);
	const name = freshName('s');
	await createInstance(page, name);
	const heard = (text) => page.waitForFunction((wanted) => window.heard.includes(wanted), text, {timeout: 300000});
	await heard(name + ' is being created.');
	await heard(name + ' is running.');
	await page.fill('#filter', 'nothing like it');
	await heard('0 instances shown');
	await page.fill('#filter', name);
	await heard('1 instance shown');
	await page.locator('.row').getByRole('button', {name: 'Delete ' + name}).click();
	await page.locator('#confirm').getByRole('button', {name: 'Delete ' + name}).click();
	await heard(name + ' is deleted.');
}));

test('nothing moves for those who asked for that', () => visit(async (page) => {
	await page.goto('/');
	equal(await page.evaluate(() => document.getAnimations().length), 0, 'animations on the landing page');
	await signIn(page);
	await page.click('#new');
	await page.waitForSelector('.offer');
	equal(await page.evaluate(() => document.getAnimations().length), 0, 'animations on the dashboard');
}, {reducedMotion: 'reduce'}));

test('the list keeps the focus while it is asked for again', () => visit(async (page) => {
	let order = 0;
	await answerWith(page, 'instances', () => ({json: {instances: ['b', 'a', 'c'].map((name) => ({serviceId: 'minio-minio', name,
		url: `https://${name}.osaas.io/`, status: ++order % 2 ? 'running' : 'stopped'})), errors: []}}));
	await signIn(page);
	await page.locator('.row-name', {hasText: /^b/}).focus();
	await page.evaluate(() => document.getElementById('again').click());
	await page.locator('.row', {hasText: 'Stopped'}).first().waitFor();
	equal(await focused(page), 'b, details', 'the focus');
}));
