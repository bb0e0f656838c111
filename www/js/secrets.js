/* SPDX-License-Identifier: MIT */
/* Secrets: values that OSC keeps for a service and fills in where an option says {{secrets.name}}. */

import {ApiError, call, part} from './api.js';
import {confirmed} from './confirm.js';
import {openDesk} from './desk.js';
import {byId, el, fill} from './dom.js';
import {ownField, showFormSheet} from './form-sheet.js';
import {icon} from './icons.js';
import {listing} from './listing.js';
import {serviceBook} from './services.js';
import {sheet} from './sheet.js';
import {speak, tell} from './spoken.js';

const books = [serviceBook('instance'), serviceBook('job')];
const panel = sheet(byId('create'));
const choice = byId('service');
const rowOf = {
	key: (secret) => secret.secretName,
	name: (secret) => secret.secretName,
	words: () => [],
	show: (secret) => ({status: 'Stored', kind: 'running', where: `{{secrets.${secret.secretName}}}`}),
	acts: [
		{icon: 'pencil', label: (secret) => 'Change ' + secret.secretName, run: change},
		{icon: 'trash', danger: true, label: (secret) => 'Delete ' + secret.secretName, run: remove},
	],
};
const secrets = listing({desk: () => desk, nouns: ['secret', 'secrets'], load, rowOf, empty, calm: () => null});

fill(byId('new'), icon('plus'), 'New secret');
byId('new').addEventListener('click', create);
byId('service-mark').append(icon('down'));
choice.addEventListener('change', () => {
	location.replace('#' + part(choice.value));
	secrets.forget();
	secrets.now();
	speak('Secrets of ' + titleOf(choice.value));
});
const desk = openDesk({begin: secrets.start, leave: secrets.stop});

async function load()
{
	if (!choice.options.length)
		await fillChoice();
	if (!choice.value)
		return {items: []};
	const answer = await call('api/secrets/' + part(choice.value));
	return {items: (Array.isArray(answer) ? answer : []).filter((secret) => typeof secret?.secretName === 'string')
	    .sort((a, b) => a.secretName.localeCompare(b.secretName, undefined, {numeric: true}))};
}

async function fillChoice()
{
	await Promise.all(books.map((book) => book.load()));
	const services = books.flatMap((book) => book.all().filter((service) => service.active));
	fill(choice, services.map(({serviceId, title}) => el('option', {value: serviceId}, `${title} (${serviceId})`)));
	byId('choose').hidden = byId('new').hidden = services.length === 0;
	const wanted = decodeURIComponent(location.hash.slice(1));
	if (services.some(({serviceId}) => serviceId === wanted))
		choice.value = wanted;
}

function titleOf(serviceId)
{
	return choice.selectedOptions[0]?.textContent.replace(/ \([^)]*\)$/, '') || serviceId;
}

function empty()
{
	if (!choice.value)
		return [el('p', {class: 'empty-title'}, 'No services yet'),
			el('p', {}, 'A secret belongs to a service. Make an instance or a job first; its service appears here then.')];
	return [
		el('p', {class: 'empty-title'}, `No secrets for ${titleOf(choice.value)}`),
		el('p', {}, 'Keep a password here once, and write {{secrets.name}} where an option wants it.'),
		el('p', {class: 'ideas'}, el('button', {class: 'button', type: 'button', onClick: create}, icon('plus'), 'New secret')),
	];
}

function valueField()
{
	return ownField({name: 'value', label: 'Value', mandatory: true, secret: true,
		description: 'OSC does not show it again, and neither does this page.'});
}

function create()
{
	showFormSheet(panel, {
		title: 'New secret',
		intro: el('p', {class: 'lead small'}, `For ${titleOf(choice.value)} alone: other services cannot use it.`),
		fields: [
			ownField({name: 'secretName', label: 'Name', mandatory: true, secret: false, regexValidator: '^[a-z0-9]{1,64}$'}),
			valueField(),
		],
		submit: 'Keep it', doing: 'Keeping',
		taken: 'There is one of this name. Choose another name, or change that one.',
		async send({secretName, value})
		{
			/* OSC would take it for a change of the one that is there. */
			if (secrets.items().some((secret) => secret.secretName === secretName))
				throw new ApiError('problem', 409, 'There is one already', `${secretName} is in the list.`);
			await call('api/secrets/' + part(choice.value), {method: 'POST', body: {name: secretName, value}});
			tell(secretName + ' is stored.');
			secrets.now();
		},
	});
}

function change({secretName})
{
	showFormSheet(panel, {
		title: 'Change ' + secretName,
		intro: el('p', {class: 'lead small'}, 'Instances that run already use the new value after their next restart.'),
		fields: [valueField()],
		submit: 'Change it', doing: 'Changing',
		async send({value})
		{
			await call(`api/secrets/${part(choice.value)}/${part(secretName)}`, {method: 'PUT', body: {value}});
			tell(secretName + ' is changed.');
		},
	});
}

async function remove({secretName})
{
	const sure = await confirmed({
		title: `Delete ${secretName}?`,
		text: el('p', {}, 'Instances that name it keep what they have until they restart; then they go without it.'),
		yes: 'Delete ' + secretName,
	});
	if (!sure)
		return;
	try {
		await call(`api/secrets/${part(choice.value)}/${part(secretName)}`, {method: 'DELETE'});
		tell(secretName + ' is deleted.');
	} catch (error) {
		if (error.status !== 404) {
			desk.note(error, secretName + ' was not deleted', () => remove({secretName}));
			return;
		}
	}
	byId('title').focus();
	await secrets.now();
}
