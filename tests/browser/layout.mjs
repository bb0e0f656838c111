/* SPDX-License-Identifier: MIT */
/* Narrow windows, large letters, long lists. */

import {answerWith, freshName, noSidewaysScroll, picture, problem, signIn, until, visit} from './browser.mjs';
import {everyPage} from './every-page.mjs';
import {openForm} from './main-job.mjs';
import {equal, ok, test} from './tap.mjs';

const SERVICES = ['minio-minio', 'valkey-io-valkey', 'encore', 'apache-couchdb'];
const many = (n) => Array.from({length: n}, (_, i) => ({
	serviceId: SERVICES[i % SERVICES.length], name: 'inst' + i, status: i % 29 === 7 ? 'failed' : i % 31 === 9 ? 'starting' : 'running',
	url: `https://acme-inst${i}.${SERVICES[i % SERVICES.length]}.auto.prod-se.osaas.io`,
}));

for (const width of [320, 390, 768, 1280]) {
	test(`${width} px wide: nothing scrolls sideways`, () => visit(async (page) => {
		const at = async (where) => {
			await page.waitForTimeout(300);
			await noSidewaysScroll(page, where);
			await picture(page, `${width}-${where}`);
		};
		await page.goto('/');
		await at('landing');
		await page.goto('/dashboard.html');
		await page.waitForSelector('#signin');
		await at('signed-out');
		await signIn(page, freshName('longvisitor'));
		await at('empty');
		await page.click('#new');
		await page.waitForSelector('.offer');
		await at('choose');
		await page.keyboard.press('Escape');
		await openForm(page);
		await page.click('#create button[type=submit]');
		await page.waitForSelector('.summary [role=alert]');
		await at('form');
		await page.fill('#create-form [name=name]', 'n'.repeat(12) + freshName().slice(0, 8));
		await page.getByRole('button', {name: 'Generate RootPassword'}).click();
		await page.locator('#create-form [name=RootPassword][type=text]').waitFor();
		await page.click('#create button[type=submit]');
		await page.waitForSelector('.keep');
		await at('created');
		await page.getByRole('button', {name: 'Done'}).click();
		await at('list');
		await page.locator('.row-name').first().click();
		await page.locator('#details h3').first().waitFor();
		await at('details');
		await page.keyboard.press('Escape');
		await page.locator('.row').first().getByRole('button', {name: /^Delete/}).click();
		await at('confirm');
		await page.keyboard.press('Escape');
		await answerWith(page, 'instances', problem(502, 'OSC did not answer'.repeat(3), 'x'.repeat(300), {service: 'y'.repeat(80), status: 500}));
		await page.click('#again');
		await page.waitForSelector('#trouble');
		await at('trouble');
	}, {answers: /instances/, viewport: {width, height: 800}}));
}

for (const [width, colorScheme] of [[320, 'light'], [390, 'dark'], [1280, 'dark']]) {
	test(`${width} px wide, ${colorScheme}: the other pages, too`, () => visit(async (page) => {
		await everyPage(page, async (where) => {
			await page.waitForTimeout(200);
			await noSidewaysScroll(page, where);
			await picture(page, `${width}-${colorScheme}-${where}`);
		});
	}, {colorScheme, viewport: {width, height: 800}}));
}

test('letters of twice the size still fit a phone', () => visit(async (page, context) => {
	const devtools = await context.newCDPSession(page);
	await signIn(page);
	await devtools.send('Page.enable');
	await devtools.send('Page.setFontSizes', {fontSizes: {standard: 32, fixed: 26}});
	await page.reload();
	await page.waitForSelector('#desk .empty');
	await noSidewaysScroll(page, 'dashboard');
	await page.click('#new');
	await page.waitForSelector('.offer');
	await noSidewaysScroll(page, 'panel');
	await page.goto('/');
	await noSidewaysScroll(page, 'landing');
}, {viewport: {width: 390, height: 844}}));

test('200 instances: quickly there, and each is found', () => visit(async (page) => {
	await answerWith(page, 'instances', {json: {instances: many(200), errors: []}});
	await answerWith(page, 'instances/.*/health', {json: {status: 'starting'}});
	await signIn(page);
	await page.waitForSelector('.row');
	equal(await page.locator('.row').count(), 200, 'rows');
	await picture(page, 'many');

	/* The quickest of a few: a machine may have something else to do. */
	const took = await page.evaluate(() => Math.min(...['1', '13', 'inst1', 'inst13', 'inst137'].map((text) => {
		const began = performance.now();
		const filter = document.getElementById('filter');
		filter.value = text;
		filter.dispatchEvent(new Event('input'));
		document.body.getBoundingClientRect();
		return performance.now() - began;
	})));
	ok(took < 200, `filtering took ${Math.round(took)} ms`);
	equal(await page.locator('.row').count(), 1, 'rows that fit');
	await page.fill('#filter', 'valkey');
	equal(await page.locator('.row').count(), 50, 'rows of a service');
	await page.fill('#filter', 'no such thing');
	await page.getByRole('button', {name: 'Show all'}).click();
	equal(await page.locator('.row').count(), 200, 'rows again');
	await page.locator('.chip', {hasText: 'Needs a look'}).click();
	equal(await page.locator('.row').count(), many(200).filter((i) => i.status === 'failed').length, 'rows that need a look');
}));

for (const [width, height] of [[390, 844], [1280, 860]]) {
	test(`200 instances, ${width} px wide: read, kept in place and reached with the keyboard`, () => visit(async (page) => {
		let status = 'running';
		await answerWith(page, 'instances', () => ({json: {instances: many(200).map((i) => ({...i, status})), errors: []}}));
		await signIn(page);
		await page.waitForSelector('.row');
		await noSidewaysScroll(page, 'many');
		const row = page.locator('.row', {has: page.locator('.row-name', {hasText: /^inst150\b/})});
		await row.locator('.row-name').focus();
		await row.scrollIntoViewIfNeeded();
		await picture(page, `many-${width}`);
		const before = (await row.boundingBox()).y;
		status = 'stopped';
		await page.evaluate(() => document.getElementById('again').click());
		await row.getByText('Stopped').waitFor();
		ok(Math.abs((await row.boundingBox()).y - before) < 2, 'the row stays where it was looked at');
		ok(await row.locator('.row-name').evaluate((node) => node === document.activeElement), 'and keeps the focus');

		const hidden = [];
		for (let i = 0; i < 24; i++) {
			await page.keyboard.press('Shift+Tab');
			const covered = await page.evaluate(() => {
				const {left, top, width, height} = document.activeElement.getBoundingClientRect();
				const there = document.elementFromPoint(left + width / 2, top + height / 2);
				return document.activeElement.contains(there) ? '' : document.activeElement.textContent;
			});
			if (covered)
				hidden.push(covered);
		}
		equal(hidden, [], 'focused, but beneath something');
		if (width > 640) {
			ok((await page.locator('#filter').boundingBox()).y >= 0, 'the filter is within reach wherever one is');
			await page.mouse.wheel(0, 100000);
			await page.waitForTimeout(200);
			ok((await page.locator('#filter').boundingBox()).y >= 0, 'at the end, too');
		}
		await page.locator('#filter').focus();
		await page.keyboard.type('inst137');
		for (let i = 0; i < 8 && !await page.locator('.row-name').evaluate((node) => node === document.activeElement); i++)
			await page.keyboard.press('Tab');
		await page.keyboard.press('Enter');
		await page.locator('#details').getByRole('heading', {name: 'inst137'}).waitFor();
	}, {answers: /instances/, viewport: {width, height}}));
}

test('many that are starting are watched a few at a time', () => visit(async (page) => {
	let at = 0;
	let most = 0;
	await answerWith(page, 'instances', {json: {instances: many(60).map((i) => ({...i, status: 'starting'})), errors: []}});
	await answerWith(page, 'instances/.*/health', async () => {
		most = Math.max(most, ++at);
		await new Promise((resolve) => setTimeout(resolve, 300));
		at--;
		return {json: {status: 'starting'}};
	});
	await signIn(page);
	await until(() => most > 0);
	await page.waitForTimeout(2500);
	ok(most > 0 && most <= 6, `${most} at once`);
}));
