/* SPDX-License-Identifier: MIT */
/* Solutions: several instances that belong together, described in Terraform and made in one go. */

import {call, part} from './api.js';
import {confirmed} from './confirm.js';
import {openDesk} from './desk.js';
import {byId, el, fill, outward} from './dom.js';
import {facts, optionValue} from './facts.js';
import {ownField, showFormSheet} from './form-sheet.js';
import {icon} from './icons.js';
import {listing} from './listing.js';
import {logView} from './log-view.js';
import {readVariables, solutionLog, stateOf} from './solution-rules.js';
import {sheet} from './sheet.js';
import {tell} from './spoken.js';

const BUSY_MS = 4000;
const CALM_MS = 30000;
const EXAMPLES = 'https://github.com/EyevinnOSC/terraform-examples/tree/main/examples/';
const OFFER = [
	['intercom', 'Intercom', 'Cloud intercom: manager, media server and database'],
	['vod-pipeline', 'Video on demand', 'Transcoding and packaging of uploaded video'],
	['ad-pipeline', 'Ad insertion', 'An ad server and the pipeline that prepares its ads'],
	['webrtc-distribution', 'WebRTC distribution', 'Live video to many viewers with little delay'],
	['paramstore', 'Parameter store', 'Configuration values for your apps'],
	['wordpress', 'WordPress', 'A site with its database'],
];

const panel = sheet(byId('create'));
const detailsPanel = sheet(byId('details'));
let log = null;
detailsPanel.onClose(() => log?.stop());

const rowOf = {
	key: (solution) => solution.id,
	name: (solution) => solution.name || solution.id,
	words: (solution) => [solution.repoUrl, stateOf(solution).word],
	show: (solution) => ({
		status: stateOf(solution).word, kind: stateOf(solution).kind, faded: solution.status === 'destroying',
		where: solution.status === 'failed' && solution.error ? String(solution.error) : exampleOf(solution),
	}),
	onOpen: look,
	acts: [{icon: 'trash', danger: true, label: (solution) => 'Delete ' + rowOf.name(solution), run: remove,
		when: (solution) => solution.status !== 'destroying'}],
};
const solutions = listing({
	desk: () => desk, nouns: ['solution', 'solutions'], load, rowOf, empty,
	calm: (items) => (items.some((solution) => stateOf(solution).busy) ? BUSY_MS : CALM_MS),
	onNews: (solution, old) => solution.status !== old.status && !stateOf(solution).busy
	    && tell(`${rowOf.name(solution)}: ${stateOf(solution).word.toLowerCase()}.`, solution.status === 'failed' ? 'bad' : 'good'),
});

fill(byId('new'), icon('plus'), 'New solution');
byId('new').addEventListener('click', choose);
const desk = openDesk({begin: solutions.start, leave: solutions.stop});

async function load()
{
	const answer = await call('api/solutions');
	const list = Array.isArray(answer) ? answer : answer?.deployments;
	return {items: (Array.isArray(list) ? list : []).filter((solution) => typeof solution?.id === 'string')};
}

function exampleOf(solution)
{
	const text = typeof solution.repoUrl === 'string' ? solution.repoUrl : '';
	return text.startsWith(EXAMPLES) ? OFFER.find(([path]) => path === text.slice(EXAMPLES.length))?.[1] ?? text.slice(EXAMPLES.length)
	    : text.replace(/^https:\/\//, '');
}

function empty()
{
	return [
		el('p', {class: 'empty-title'}, 'No solutions yet'),
		el('p', {}, 'A solution makes several instances that belong together, and takes them down together.'),
		el('p', {class: 'ideas'}, el('button', {class: 'button', type: 'button', onClick: choose}, icon('plus'), 'New solution')),
	];
}

function choose()
{
	const offer = ([path, title, text]) => el('li', {}, el('button', {class: 'offer', type: 'button',
		onClick: () => fillIn(title, path && EXAMPLES + path)}, el('strong', {}, title), el('span', {class: 'offer-text'}, text)));
	panel.show({
		title: 'New solution',
		body: el('ul', {class: 'offer-part', role: 'list'}, [...OFFER, ['', 'Another one', 'Terraform files in a repository at GitHub']].map(offer)),
	});
}

function fillIn(title, repoUrl)
{
	showFormSheet(panel, {
		title, back: choose,
		fields: [
			ownField({name: 'name', label: 'Name', mandatory: true}),
			ownField({name: 'repoUrl', label: 'Terraform files', mandatory: true, default: repoUrl, regexValidator: '^https://github\\.com/[^/]+/[^/]+',
				description: 'A directory at GitHub.'}),
			ownField({name: 'variables', label: 'Variables', long: true,
				description: 'One a line, as in intercom_name = myintercom. What the files have a default for may be left out.'}),
		],
		submit: 'Make it', doing: 'Starting',
		taken: 'This name is taken. Choose another one.',
		async send({variables = '', ...body})
		{
			await call('api/solutions', {method: 'POST', body: {...body, variables: readVariables(variables)}});
			tell(body.name + ' is being made.');
			solutions.now();
		},
	});
}

function look(solution)
{
	const at = 'api/solutions/' + part(solution.id);
	const place = el('div', {}, known(solution));
	const lines = solutionLog((offset) => call(`${at}/log?offset=${offset}`));
	log?.stop();
	log = logView('Log of ' + rowOf.name(solution), async (tail) => {
		const answer = await lines(tail);
		const now = solutions.items().find(({id}) => id === solution.id);
		if (now)
			fill(place, known(now));
		return answer;
	});
	detailsPanel.show({
		title: rowOf.name(solution),
		body: [place, el('div', {}, el('h3', {}, 'Log'), log.element)],
		foot: [
			el('button', {class: 'button danger', type: 'button', onClick: () => {
				detailsPanel.close();
				remove(solution);
			}}, icon('trash'), 'Delete'),
			el('button', {class: 'button', type: 'button', onClick: detailsPanel.close}, 'Close'),
		],
	});
	log.start();
}

function known(solution)
{
	const outputs = Object.entries(solution.outputs ?? {}).map(([name, output]) => [name.replaceAll('_', ' '), output]);
	const variables = Object.entries(solution.variables ?? {});
	const show = (output) => {
		const value = output?.sensitive ? '***' : output?.value ?? output;
		return typeof value === 'string' && /^https?:/.test(value) ? outward(value, value, {class: 'address'}) : optionValue(value);
	};
	return [
		el('p', {class: 'muted'}, stateOf(solution).word, ' · ', exampleOf(solution)),
		solution.error && el('p', {class: 'notice bad'}, icon('alert'), el('span', {}, String(solution.error))),
		el('h3', {}, 'What it made'),
		facts(outputs, show, 'Nothing yet.'),
		variables.length > 0 && [el('h3', {}, 'Variables'), facts(variables, optionValue, '')],
	].flat().filter(Boolean);
}

async function remove(solution)
{
	const sure = await confirmed({
		title: `Delete ${rowOf.name(solution)}?`,
		text: [el('p', {}, 'All instances that it made are removed, with everything stored in them.'), el('p', {}, 'They cannot be brought back.')],
		yes: 'Delete ' + rowOf.name(solution),
	});
	if (!sure)
		return;
	byId('title').focus();
	try {
		await call('api/solutions/' + part(solution.id), {method: 'DELETE'});
		tell(rowOf.name(solution) + ' is being removed.');
	} catch (error) {
		if (error.status !== 404) {
			desk.note(error, rowOf.name(solution) + ' was not deleted', () => remove(solution));
			return;
		}
	}
	await solutions.now();
}
