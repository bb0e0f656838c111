/* SPDX-License-Identifier: MIT */
/* The main job, as a visitor does it: sign in, see, create, watch, delete, stay, leave. */

import {answerWith, base, freshName, passSandbox, problem, signIn, visit, withSandbox} from './browser.mjs';
import {equal, ok, test} from './tap.mjs';

const row = (page, name) => page.locator('.row', {has: page.locator('.row-name', {hasText: new RegExp(`^${name},`)})});

/* From the dashboard to the form of MinIO. */
export async function openForm(page, title = 'MinIO')
{
	await page.click('#new');
	const offer = page.locator('.offer', {has: page.locator('strong', {hasText: new RegExp(`^${title}$`)})});
	await offer.click();
	const activate = page.getByRole('button', {name: 'Activate and go on'});
	await page.waitForSelector('#create-form, .activation');
	if (await activate.isVisible())
		await activate.click();
	await page.waitForSelector('#create-form');
}

export async function createInstance(page, name)
{
	await openForm(page);
	await page.fill('#create-form [name=name]', name);
	await page.click('#create button[type=submit]');
	await page.waitForSelector('.birth');
	await page.getByRole('button', {name: 'Done'}).click();
	await row(page, name).waitFor();
}

test('the landing page says who is there and where signing in leads', () => visit(async (page) => {
	await page.goto('/');
	await page.waitForLoadState('networkidle');
	const enter = new URL(await page.getAttribute('#enter', 'href'), page.url());
	equal(enter.searchParams.get('return_to'), '/dashboard.html', 'return_to');
	equal(await page.textContent('#who'), '', 'nobody is signed in');

	await signIn(page);
	await page.goto('/');
	await page.getByText('You are signed in since').waitFor();
	await page.click('#enter');
	await page.waitForURL('**/dashboard.html');
}));

test('the dashboard of a visitor who is not signed in offers the way in, and comes back', () => visit(async (page) => {
	await page.goto('/dashboard.html');
	await page.getByRole('heading', {name: 'You are not signed in'}).waitFor();
	ok(!await page.isVisible('#desk'), 'nothing of the desk shows');
	await page.click('#signin');
	await passSandbox(page, freshName());
	await page.waitForURL('**/dashboard.html');
	await page.waitForSelector('#desk:visible');
}));

test('access denied: the page says so and another try works', () => visit(async (page) => {
	await page.goto('/');
	await page.click('#enter');
	const answer = page.waitForResponse((reply) => /\/callback$/.test(new URL(reply.url()).pathname));
	await passSandbox(page, freshName(), 'deny');
	equal((await answer).status(), 403, 'status of the callback');
	await page.getByText(/not granted/i).first().waitFor();
	await page.locator('a', {hasText: /again/i}).click();
	await page.waitForSelector('[name=username], [name=decision]');
}, {answers: /callback/}));

test('plan, balance and workspace are shown', () => visit(async (page) => {
	const user = await signIn(page);
	await page.locator('#sum-plan', {hasText: /\w/}).waitFor();
	await page.locator('#sum-balance', {hasText: /tokens left|Used up/}).waitFor();
	await page.locator('#who', {hasText: /\S/}).waitFor();
	ok(/Signed in, renews \S/.test(await page.textContent('#session')), 'when it renews');
	ok(user, 'signed in');
}));

test('a form that is not right says what is wrong and sends nothing', () => visit(async (page) => {
	await signIn(page);
	await openForm(page);
	let sent = 0;
	page.on('request', (request) => { sent += request.method() === 'POST'; });

	await page.click('#create button[type=submit]');
	await page.getByText('One thing is not right yet').waitFor();
	const name = page.locator('#create-form [name=name]');
	equal(await name.getAttribute('aria-invalid'), 'true', 'the name is marked');
	ok(await name.evaluate((node) => node === document.activeElement), 'the name has the focus');
	const described = await name.evaluate((node) => node.getAttribute('aria-describedby').split(' ')
	    .map((id) => document.getElementById(id)?.textContent).join(' '));
	ok(described.includes('This is required.'), 'the name is described by what is wrong with it');

	await name.fill('Not-A-Name');
	await page.fill('#create-form [name=RootPassword]', 'onlylowercase');
	await page.click('#create button[type=submit]');
	await page.getByText('2 things are not right yet').waitFor();
	await page.getByText('Use 1 to 20 lower-case letters and digits').waitFor();
	equal(await page.locator('#create-form .rules .met').count() > 0, true, 'rules that hold are ticked');

	await page.fill('#create-form [name=RootPassword]', '***');
	await page.click('#create button[type=submit]');
	await page.getByText('Three asterisks stand for').waitFor();
	equal(sent, 0, 'requests that create something');
}));

test('create with a made-up secret, see it become ready, look at it, delete it', () => visit(async (page) => {
	await signIn(page);
	const name = freshName('m');
	await openForm(page);
	await page.fill('#create-form [name=name]', name);
	await page.fill('#create-form [name=RootUser]', 'admin');
	await page.getByRole('button', {name: 'Generate RootPassword'}).click();
	await page.locator('#create-form [name=RootPassword][type=text]').waitFor();
	const secret = await page.inputValue('#create-form [name=RootPassword]');
	ok(/^(?=.*[a-z])(?=.*[A-Z])(?=.*\d).{10,}$/.test(secret), 'the secret fits the catalog\'s pattern');
	await page.getByRole('button', {name: 'Show RootPassword'}).click();
	equal(await page.getAttribute('#create-form [name=RootPassword]', 'type'), 'password', 'hidden again');
	const created = page.waitForResponse((reply) => reply.request().method() === 'POST');
	await page.click('#create button[type=submit]');
	equal((await created).status(), 201, 'status of the creation');
	equal((await created).request().postDataJSON(), {name, RootUser: 'admin', RootPassword: secret}, 'what was sent');

	await page.getByText('Keep these now').waitFor();
	equal(await page.textContent('.keep code'), secret, 'the secret is shown once more');
	await page.locator('.birth strong', {hasText: 'Running'}).waitFor({timeout: 300000});
	await page.getByRole('button', {name: 'Done'}).click();
	await row(page, name).locator('.row-status', {hasText: 'Running'}).waitFor();

	await row(page, name).locator('.row-name').click();
	await page.locator('#details h3', {hasText: 'Options'}).waitFor();
	ok(!(await page.content()).includes(secret), 'the secret is nowhere in the page any more');
	await page.locator('#details').getByRole('button', {name: 'Close'}).last().click();

	await row(page, name).getByRole('button', {name: 'Delete ' + name}).click();
	await page.getByRole('button', {name: 'Keep it'}).click();
	equal(await row(page, name).count(), 1, 'kept');
	await row(page, name).getByRole('button', {name: 'Delete ' + name}).click();
	await page.locator('#confirm').getByRole('button', {name: 'Delete ' + name}).click();
	await row(page, name).waitFor({state: 'detached'});
	await page.reload();
	await page.waitForSelector('#desk .group, #desk .empty');
	equal(await row(page, name).count(), 0, 'still gone after a reload');
}));

test('a name that is taken is said at the name', () => visit(async (page) => {
	await signIn(page);
	const name = freshName('t');
	await createInstance(page, name);
	await openForm(page);
	await page.fill('#create-form [name=name]', name);
	await page.click('#create button[type=submit]');
	await page.getByText('This name is taken').waitFor();
	ok(await page.locator('#create-form [name=name]').evaluate((node) => node === document.activeElement), 'the name has the focus');
	await page.getByText(/OSC \(.*\) answered 409/).waitFor();
}, {answers: /(api|cgi-bin)\/instances/}));

test('a service that is not active is activated first, when the visitor says so', () => visit(async (page) => {
	await signIn(page);
	await page.click('#new');
	await page.locator('.offer-part', {hasText: 'Can be activated'}).locator('.offer', {hasText: 'SVT Encore'}).click();
	await page.getByText('is not active in your workspace yet').waitFor();
	await page.getByRole('button', {name: 'Activate and go on'}).click();
	await page.waitForSelector('#create-form [name=s3Region], #create-form details');
	await page.keyboard.press('Escape');
	await page.click('#new');
	await page.locator('.offer-part', {hasText: 'In your workspace'}).locator('.offer', {hasText: 'SVT Encore'}).waitFor();
}));

test('what was entered survives closing the panel and looking at another service', () => visit(async (page) => {
	await signIn(page);
	await openForm(page);
	await page.fill('#create-form [name=name]', 'halfway');
	await page.keyboard.press('Escape');
	await openForm(page);
	equal(await page.inputValue('#create-form [name=name]'), 'halfway', 'the name');
}));

test('the token\'s expiry passes unnoticed', () => withSandbox({accessTokenLifetime: 4}, () => visit(async (page) => {
	await signIn(page);
	const status = async () => (await page.request.get('/auth/status')).json();
	const before = await status();
	await page.waitForTimeout(Math.max(0, before.expiresAt * 1000 - Date.now()) + 1500);
	const answer = page.waitForResponse((reply) => /\/instances$/.test(reply.url()) && reply.status() === 200);
	await page.click('#again');
	await answer;
	const after = await status();
	equal(after.signedIn, true, 'signed in after the first token is dead');
	ok(after.expiresAt > before.expiresAt, 'with a newer token');
	ok(!await page.isVisible('#door') && !await page.locator('#trouble').count(), 'nothing of it shows');
})));

test('the session ends while a form is filled in: sign in again, come back, find it', () => visit(async (page, context) => {
	const user = await signIn(page);
	await openForm(page);
	await page.fill('#create-form [name=name]', 'kept');
	await page.fill('#create-form [name=RootUser]', 'somebody');
	await page.fill('#create-form [name=RootPassword]', 'Secret0123456');
	await context.clearCookies();
	await page.click('#create button[type=submit]');
	const link = page.locator('#create').getByRole('link', {name: 'Sign in again'});
	await link.waitFor();
	ok(!await page.evaluate(() => JSON.stringify(sessionStorage).includes('Secret0123456')), 'the secret is not stored in the browser');
	await link.click();
	await passSandbox(page, user);
	await page.waitForURL('**/dashboard.html');
	await page.getByText('This is what you had entered before signing in').waitFor();
	equal(await page.inputValue('#create-form [name=name]'), 'kept', 'the name');
	equal(await page.inputValue('#create-form [name=RootUser]'), 'somebody', 'the user');
	equal(await page.inputValue('#create-form [name=RootPassword]'), '', 'the secret');
}, {answers: /instances/}));

test('a session that ended shows the way in instead of the list', () => visit(async (page, context) => {
	await signIn(page);
	await context.clearCookies();
	await page.click('#again');
	await page.getByRole('heading', {name: 'Your sign-in has ended'}).waitFor();
	ok(!await page.isVisible('#desk') && !await page.isVisible('#account'), 'nothing of the desk shows');
}, {answers: /instances/}));

test('signing out ends it everywhere', () => visit(async (page, context) => {
	await signIn(page);
	const other = await context.newPage();
	await other.goto('/dashboard.html');
	await other.waitForSelector('#desk:visible');
	await page.click('#signout');
	await page.getByText('You are signed out').waitFor();
	await other.getByRole('heading', {name: 'Your sign-in has ended'}).waitFor();
	await page.goBack();
	await page.waitForLoadState('networkidle');
	ok(!await page.isVisible('#desk'), 'the back button shows no list');
	const answer = await page.request.get('/auth/status');
	equal(await answer.json(), {signedIn: false}, 'the status');
}, {answers: /instances/})); /* the other tab may ask in just that moment */

test('signing out that fails leaves one signed in and says why', () => visit(async (page) => {
	await signIn(page);
	await page.route(/signout/, (route) => route.fulfill({status: 503, contentType: 'application/problem+json',
		body: JSON.stringify(problem(503, 'The store is full', 'No session can be changed.').json)}));
	await page.click('#signout');
	await page.getByText('Not signed out: The store is full').waitFor();
	ok(await page.isVisible('#desk'), 'the desk is still there');
}, {answers: /signout/}));

/* As in a web space that rewrites nothing: the pages in one place, the programs in another, no short addresses. */
for (const [pages, programs] of [['/', '/cgi-bin/'], ['/www/', '/cgi-bin/'], ['/app/www/', '/app/cgi-bin/']]) {
	test(`where only programs can be run, the pages of ${pages} find them`, () => visit(async (page) => {
		const from = async (route, path) => route.fulfill({response: await route.fetch({url: base + path})});
		await page.route((url) => url.href.startsWith(base + '/'), (route) => {
			const {pathname, search} = new URL(route.request().url());
			if (pathname === programs + 'status')
				return from(route, '/auth/status');
			if (pathname.startsWith(pages) && !/(auth|api|cgi-bin)\//.test(pathname))
				return from(route, '/' + pathname.slice(pages.length) + search);
			return route.fulfill({status: 404, contentType: 'text/html', body: 'not here'});
		});
		await page.goto(pages + 'dashboard.html');
		const link = page.locator('#signin');
		await link.waitFor();
		ok((await link.getAttribute('href')).startsWith(programs + 'signin?return_to='), 'signing in goes to the program');
		await page.reload();
		await link.waitFor();
	}, {answers: /(\/auth|cgi-bin)\/status/}));
}

test('an instance that vanished meanwhile is said to be gone', () => visit(async (page) => {
	await signIn(page);
	await answerWith(page, 'instances/minio-minio/x', problem(404, 'No such instance', 'There is none.'));
	await answerWith(page, 'instances', {json: {instances: [{serviceId: 'minio-minio', name: 'x', url: '', status: 'running'}], errors: []}});
	await page.click('#again');
	await row(page, 'x').locator('.row-name').click();
	await page.getByText('No such instance').waitFor();
	await page.getByText('It may have been removed in the meantime').waitFor();
}, {answers: /instances/}));
