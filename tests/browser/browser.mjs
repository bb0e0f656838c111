/* SPDX-License-Identifier: MIT */
/* Debian's Chromium, a visitor in it, and what every page is watched for. */

import {randomBytes} from 'node:crypto';
import {mkdirSync} from 'node:fs';
import {chromium} from 'playwright-core';

import {equal} from './tap.mjs';

export const [base, sandbox] = process.argv.slice(2, 4).map((url) => url?.replace(/\/$/, ''));
const pictures = process.env.PICTURES ?? ''; /* a directory to leave screenshots in */

let running = null;

export async function launch()
{
	running = await chromium.launch({
		executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell',
		args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
			'--disable-background-networking', '--disable-component-update', '--disable-sync'],
	});
}

export function shut()
{
	return running?.close();
}

/*
 * A browser of its own for one test.  Afterwards nothing may have gone against the Content-Security-Policy, thrown, or
 * run from a hostile text (those set window.pwned).  "Failed to load" is for tests to provoke: they say so by answers,
 * a pattern for the addresses that may fail.
 */
export async function visit(run, {answers = null, ...options} = {})
{
	const context = await running.newContext({viewport: {width: 1280, height: 860}, baseURL: base, ...options});
	context.setDefaultTimeout(60000);
	const complaints = [];
	await context.exposeBinding('complainToTest', ({page}, text) => {
		if (page.url().startsWith(base))
			complaints.push(text);
	});
	await context.addInitScript(() => {
		addEventListener('securitypolicyviolation', (e) => window.complainToTest(`policy: ${e.violatedDirective} ${e.blockedURI}`));
		let pwned;
		Object.defineProperty(window, 'pwned', {get: () => pwned, set: (value) => {
			pwned = value;
			window.complainToTest('hostile text ran: ' + value);
		}});
	});
	context.on('weberror', (error) => error.page()?.url().startsWith(base) && complaints.push('thrown: ' + error.error()));
	context.on('console', (message) => {
		const at = message.location().url;
		if (message.type() !== 'error' || !at.startsWith(base) || (answers?.test(at) && /Failed to load/.test(message.text())))
			return;
		if (!/\/favicon\.ico$/.test(at))
			complaints.push(`console: ${message.text()} ${at}`);
	});
	context.on('dialog', (dialog) => complaints.push('a box opened: ' + dialog.message()));

	const page = await context.newPage();
	let done = false;
	try {
		await run(page, context);
		done = true;
	} finally {
		if (!done && pictures)
			await picture(page, 'failed-' + Date.now()).catch(() => {});
		await context.close();
	}
	equal(complaints, [], 'complaints of the browser');
}

export function freshName(stem = 'b')
{
	return stem + randomBytes(4).toString('hex');
}

/* From wherever the page is: through the sandbox's pages, until the callback has answered. */
export async function passSandbox(page, user, decision = 'allow')
{
	await page.waitForSelector('[name=username]');
	await page.fill('[name=username]', user);
	await page.press('[name=username]', 'Enter');
	await page.click(`[name=decision][value=${decision}]`);
}

/* A new visitor, signed in, looking at the dashboard.  Returns the name. */
export async function signIn(page, user = freshName('visitor'))
{
	await page.goto('/');
	await page.click('#enter');
	await passSandbox(page, user);
	await page.waitForURL('**/dashboard.html');
	await page.waitForSelector('#desk .group, #desk .empty');
	return user;
}

/* Settings of the sandbox for the length of run(), then as they were. */
export async function withSandbox(settings, run)
{
	const patch = (values) => fetch(sandbox + '/sandbox/settings', {
		method: 'PATCH', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(values),
	});
	const before = await (await fetch(sandbox + '/sandbox/settings')).json().catch(() => ({}));
	const reply = await patch(settings);
	if (!reply.ok)
		throw new Error(`the sandbox refused ${JSON.stringify(settings)}: ${reply.status}`);
	try {
		await run();
	} finally {
		await patch(Object.fromEntries(Object.keys(settings).map((key) => [key, before[key] ?? DEFAULTS[key]])));
	}
}
const DEFAULTS = {accessTokenLifetime: 3600};

/* Answer an address of the API in its place.  Patterns are matched on the path below /api or /cgi-bin. */
export function answerWith(page, path, reply)
{
	const pattern = new RegExp(`/(api|cgi-bin)/${path}$`);
	return page.route((url) => pattern.test(url.pathname), async (route) => {
		const said = typeof reply === 'function' ? await reply(route.request()) : reply;
		if (said === 'go on')
			return route.fallback();
		if (said === 'cut')
			return route.abort('connectionrefused');
		const {status = 200, json, body} = said;
		return route.fulfill({
			status, contentType: status >= 400 && json ? 'application/problem+json' : json ? 'application/json' : 'text/html',
			body: json ? JSON.stringify(json) : body ?? '',
		});
	});
}

export const problem = (status, title, detail, upstream) => ({status, json: {title, status, detail, ...(upstream && {upstream})}});

/* Panels slide and fade in: what is in between is nobody's look. */
export function still(page)
{
	return page.waitForFunction(() => document.getAnimations().every((a) => a.effect.getComputedTiming().iterations === Infinity));
}

/* Looks again and again until the test's own variables are as they should be, or nobody has the patience. */
export async function until(holds)
{
	for (let i = 0; i < 600 && !holds(); i++)
		await new Promise((done) => setTimeout(done, 100));
}

export async function noSidewaysScroll(page, where)
{
	await still(page);
	/* The widest thing that is to be seen, dialogs included, against the window. */
	const {wide, room, over} = await page.evaluate(() => ({
		wide: Math.max(document.documentElement.scrollWidth,
		    ...[...document.querySelectorAll('dialog[open], dialog[open] .sheet-inner')].map((d) => d.scrollWidth)),
		room: document.documentElement.clientWidth,
		over: [...document.querySelectorAll('body *')].filter((n) => n.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
		    .slice(0, 5).map((n) => `${n.localName}#${n.id}.${n.getAttribute('class')}`),
	}));
	if (wide > room)
		throw new Error(`${where}: ${wide} px wide in a window of ${room} px: ${over}`);
}

export async function picture(page, name)
{
	if (!pictures)
		return;
	mkdirSync(pictures, {recursive: true});
	await page.screenshot({path: `${pictures}/${name}.png`});
}
