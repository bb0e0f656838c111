/* SPDX-License-Identifier: MIT */
/* My Apps: programs of the visitor's own, built by OSC from a Git repository. */

import {call, part} from './api.js';
import {confirmed} from './confirm.js';
import {openDesk} from './desk.js';
import {byId, el, fill, outward} from './dom.js';
import {facts} from './facts.js';
import {ownField, showFormSheet} from './form-sheet.js';
import {icon} from './icons.js';
import {listing} from './listing.js';
import {sheet} from './sheet.js';
import {tell} from './spoken.js';

const BUSY_MS = 5000;
const CALM_MS = 30000;
const STATES = {
	building: {word: 'Building', kind: 'starting'}, running: {word: 'Running', kind: 'running'},
	failed: {word: 'Failed', kind: 'failed'},
};

const panel = sheet(byId('create'));
const detailsPanel = sheet(byId('details'));
const rowOf = {
	key: (app) => idOf(app),
	name: (app) => app.name ?? idOf(app),
	words: (app) => [app.type, app.gitHubUrl, stateOf(app).word],
	show: (app) => ({status: stateOf(app).word, kind: stateOf(app).kind, where: address(app)}),
	onOpen: look,
	acts: [
		{icon: 'refresh', label: (app) => 'Rebuild ' + rowOf.name(app), run: rebuild},
		{icon: 'trash', danger: true, label: (app) => 'Delete ' + rowOf.name(app), run: remove},
	],
};
const links = new Map(); /* by key: one node as long as the address stays */
const apps = listing({
	desk: () => desk, nouns: ['app', 'apps'], load, rowOf, empty,
	calm: (items) => (items.some((app) => stateOf(app).kind === 'starting') ? BUSY_MS : CALM_MS),
	onNews: (app, old) => stateOf(app).kind !== stateOf(old).kind && stateOf(app).kind !== 'starting'
	    && tell(`${rowOf.name(app)}: ${stateOf(app).word.toLowerCase()}.`, stateOf(app).kind === 'running' ? 'good' : 'bad'),
});

fill(byId('new'), icon('plus'), 'New app');
byId('new').addEventListener('click', create);
const desk = openDesk({begin: apps.start, leave: apps.stop});

async function load()
{
	const answer = await call('api/apps');
	return {items: (Array.isArray(answer) ? answer : []).filter((app) => idOf(app) !== '')};
}

function idOf(app)
{
	return typeof app?.id === 'string' ? app.id : typeof app?.name === 'string' ? app.name : '';
}

function stateOf(app)
{
	return STATES[app.buildStatus] ?? {word: 'Unknown', kind: 'unknown'};
}

/* Its own address appears late. */
function address(app)
{
	const url = app.url || (app.appDns ? 'https://' + app.appDns : '');
	if (links.get(rowOf.key(app))?.url !== url)
		links.set(rowOf.key(app), {url, node: url ? outward(url, url.replace(/^https?:\/\//, ''), {class: 'address'}) : 'No address yet'});
	return links.get(rowOf.key(app)).node;
}

function empty()
{
	return [
		el('p', {class: 'empty-title'}, 'No apps yet'),
		el('p', {}, 'Name a repository at GitHub; OSC builds the program in it and keeps it running.'),
		el('p', {class: 'ideas'}, el('button', {class: 'button', type: 'button', onClick: create}, icon('plus'), 'New app')),
	];
}

function create()
{
	showFormSheet(panel, {
		title: 'New app',
		fields: [
			ownField({name: 'name', label: 'Name', mandatory: true}),
			ownField({name: 'gitHubUrl', label: 'Repository', mandatory: true, regexValidator: '^https://github\\.com/[^/]+/[^/]+',
				description: 'At GitHub, for example https://github.com/acme/site. Add #branch for another branch than the main one.'}),
			ownField({name: 'type', label: 'Written for', type: 'enum', enums: ['nodejs', 'python'], default: 'nodejs', mandatory: true}),
			ownField({name: 'gitHubToken', label: 'GitHub token', secret: true,
				description: 'Only for a private repository: a token of GitHub that may read it.'}),
			ownField({name: 'configService', label: 'Configuration service',
				description: 'The name of an App config service instance whose values become its environment.'}),
		],
		submit: 'Deploy', doing: 'Deploying',
		taken: 'This name is taken. Choose another one.',
		async send(body)
		{
			await call('api/apps', {method: 'POST', body});
			tell(body.name + ' is being built.');
			apps.now();
		},
	});
}

function look(app)
{
	const known = [
		['Status', stateOf(app).word], ['Repository', app.gitHubUrl], ['Written for', app.type],
		['Configuration service', app.configService === 'undefined' ? '' : app.configService],
	].filter(([, value]) => typeof value === 'string' && value);
	const addresses = [['Address', app.url], ['Name of its own', app.appDns && 'https://' + app.appDns]]
	    .filter(([, value]) => typeof value === 'string' && value);
	detailsPanel.show({
		title: rowOf.name(app),
		body: [
			el('div', {}, el('h3', {}, 'Addresses'),
			    facts(addresses, (url) => outward(url, url, {class: 'address'}), 'It has none yet. They come when it is built.')),
			el('div', {}, el('h3', {}, 'Its source'), facts(known, (text) => (/^https:/.test(text) ? outward(text, text) : text), '')),
		],
		foot: [
			el('button', {class: 'button danger', type: 'button', onClick: () => {
				detailsPanel.close();
				remove(app);
			}}, icon('trash'), 'Delete'),
			el('button', {class: 'button', type: 'button', onClick: () => {
				detailsPanel.close();
				rebuild(app);
			}}, icon('refresh'), 'Rebuild'),
			el('button', {class: 'button', type: 'button', onClick: detailsPanel.close}, 'Close'),
		],
	});
}

async function rebuild(app)
{
	const sure = await confirmed({
		title: `Rebuild ${rowOf.name(app)}?`,
		text: el('p', {}, 'OSC fetches the newest commit, builds it and restarts the app. It may not answer for a minute.'),
		yes: 'Rebuild', no: 'Leave it', danger: false,
	});
	if (!sure)
		return;
	await act(`api/apps/${part(idOf(app))}/rebuild`, 'POST', app, 'is being rebuilt');
}

async function remove(app)
{
	const sure = await confirmed({
		title: `Delete ${rowOf.name(app)}?`,
		text: el('p', {}, 'The app stops and its address is given up. The repository stays as it is.'),
		yes: 'Delete ' + rowOf.name(app),
	});
	if (!sure)
		return;
	byId('title').focus();
	await act('api/apps/' + part(idOf(app)), 'DELETE', app, 'is deleted');
}

async function act(path, method, app, done)
{
	try {
		await call(path, {method});
		tell(`${rowOf.name(app)} ${done}.`);
	} catch (error) {
		desk.note(error, `It did not work for ${rowOf.name(app)}`, () => act(path, method, app, done));
		return;
	}
	await apps.now();
}
