/* SPDX-License-Identifier: MIT */
/*
 * Making an instance, in three steps in one panel: choose a service, fill in its options, see it come up.  Making a job is
 * the same without the last step.
 *
 * Closing the panel keeps what was entered until the page is left; 401 keeps it for after the sign-in (draft.js).
 */

import {ApiError, call, part} from './api.js';
import {birth} from './birth.js';
import {waiting, whileBusy} from './busy.js';
import {chooser} from './chooser.js';
import {byId, el, fill, outward} from './dom.js';
import {keepDraft} from './draft.js';
import {icon} from './icons.js';
import {readOptions} from './option-rules.js';
import {optionsForm} from './options-form.js';
import {problemBox} from './problem.js';
import {sheet} from './sheet.js';

export class CreatePanel {
	#book;
	#noun;
	#api;
	#suggestName;
	#onCreated;
	#entryOf;
	#panel = sheet(byId('create'));
	#forms = new Map(); /* by service: what was entered survives going back and closing */
	#born = null; /* {key, refresh} while the last step is shown */

	/*
	 * book      serviceBook()
	 * noun      what is made, api where: 'instance' by 'api/instances/'
	 * onCreated(serviceId, document) -> key of the new entry; null closes the panel
	 * entryOf(key) -> the entry as it is now, undefined when it is gone
	 * suggestName(serviceId) -> a name to begin with, '' for none
	 */
	constructor({book, noun = 'instance', api = 'api/instances/', onCreated, entryOf = () => undefined, suggestName = () => ''})
	{
		this.#book = book;
		this.#noun = noun;
		this.#api = api;
		this.#suggestName = suggestName;
		this.#onCreated = onCreated;
		this.#entryOf = entryOf;
		this.#panel.onClose(() => { this.#born = null; });
	}

	/* With a service at its form, with a draft filled in so far; else at the choice. */
	open(serviceId, draft)
	{
		return serviceId ? this.#fillIn(serviceId, draft) : this.#choose();
	}

	/* Something in the roster has changed. */
	refresh()
	{
		this.#born?.refresh(this.#entryOf(this.#born.key));
	}

	async #choose()
	{
		const place = this.#show({title: 'New ' + this.#noun, body: el('div', {class: 'choose'})});
		try {
			await this.#services(place);
		} catch (error) {
			fill(place, problemBox(error, {retry: () => this.#choose(), heading: 'h3'}));
			return;
		}
		fill(place, chooser(this.#book.all(), (serviceId) => this.#fillIn(serviceId)));
	}

	async #services(place)
	{
		if (this.#book.loaded)
			return;
		fill(place, waiting('Asking OSC for your services'));
		await this.#book.load();
	}

	async #fillIn(serviceId, draft)
	{
		const title = 'New ' + this.#book.titleOf(serviceId);
		const place = this.#show({title, back: () => this.#choose(), body: el('div')});
		try {
			await this.#services(place);
			const service = this.#book.all().find((s) => s.serviceId === serviceId);
			if (service && !service.active) {
				fill(place, this.#activation(service, draft));
				return;
			}
			fill(place, waiting('Asking OSC what this service needs'));
			const record = await this.#book.record(serviceId);
			if (!place.isConnected)
				return; /* the visitor went elsewhere meanwhile */
			if (draft || !this.#forms.has(serviceId)) {
				this.#forms.set(serviceId, optionsForm(readOptions(record), draft));
				this.#forms.get(serviceId).suggest(this.#suggestName(serviceId));
			}
			this.#showForm(serviceId, service, title, draft);
		} catch (error) {
			fill(place, problemBox(error, {retry: () => this.#fillIn(serviceId, draft), heading: 'h3'}));
		}
	}

	/* Activating changes the workspace, so it is the visitor's own step. */
	#activation({serviceId, title, description}, draft)
	{
		const trouble = el('div');
		const label = 'Activate and go on';
		const button = el('button', {class: 'button primary', type: 'button', onClick: () =>
			whileBusy(button, 'Activating', label, async () => {
				try {
					await this.#book.activate(serviceId);
					await this.#book.load();
					await this.#fillIn(serviceId, draft);
				} catch (error) {
					fill(trouble, problemBox(error, {heading: 'h3'}));
				}
			}),
		}, label);
		return el('div', {class: 'activation'},
		    el('p', {}, description + '.'),
		    el('p', {}, `${title} is not active in your workspace yet. Activating it makes it available to you; `,
			`nothing runs, and nothing is spent, before you create ${this.#noun === 'instance' ? 'an instance' : 'a ' + this.#noun}.`),
		    trouble,
		    el('p', {class: 'acts'}, button));
	}

	#showForm(serviceId, service, title, draft)
	{
		const options = this.#forms.get(serviceId);
		const trouble = el('div', {class: 'trouble'});
		const submit = el('button', {class: 'button primary', type: 'submit', form: 'create-form'}, 'Create');
		const send = (event) => {
			event.preventDefault();
			whileBusy(submit, 'Creating', 'Create', () => this.#send(serviceId, options, trouble));
		};
		this.#show({
			title,
			back: () => this.#choose(),
			body: el('form', {id: 'create-form', novalidate: true, autocomplete: 'off', onSubmit: send},
			    service?.description && el('p', {class: 'lead small'}, service.description),
			    service?.documentation && el('p', {}, outward(service.documentation, 'Documentation')),
			    draft && el('p', {class: 'notice'}, icon('info'), el('span', {},
				'This is what you had entered before signing in. Secrets have to be entered again.')),
			    trouble, options.element),
			foot: [
				el('button', {class: 'button', type: 'button', onClick: this.#panel.close}, 'Cancel'),
				submit,
			],
		});
	}

	async #send(serviceId, options, trouble)
	{
		fill(trouble);
		if (!await options.check())
			return;
		const body = options.body();
		let made;
		try {
			made = await call(this.#api + part(serviceId), {method: 'POST', body});
		} catch (error) {
			refused(error, serviceId, options, trouble);
			return;
		}
		this.#forms.delete(serviceId);
		const key = this.#onCreated(serviceId, {...made, name: made?.name ?? body.name});
		if (key === null)
			this.#panel.close();
		else
			this.#comingUp(serviceId, key, options.secrets());
	}

	#comingUp(serviceId, key, secrets)
	{
		const {nodes, refresh} = birth(secrets);
		this.#show({
			title: `${this.#entryOf(key)?.name ?? ''} is on its way`,
			body: nodes,
			foot: [
				el('button', {class: 'button', type: 'button', onClick: () => this.#fillIn(serviceId)}, 'Create another'),
				el('button', {class: 'button primary', type: 'button', onClick: this.#panel.close}, 'Done'),
			],
		});
		this.#born = {key, refresh};
		this.refresh();
	}

	#show(step)
	{
		this.#born = null;
		this.#panel.show(step);
		return step.body;
	}
}

function refused(error, serviceId, options, trouble)
{
	if (!(error instanceof ApiError))
		throw error;
	if (error.status === 401)
		keepDraft(serviceId, options.draft());
	fill(trouble, problemBox(error, {heading: 'h3', lead: 'Not created'}));
	trouble.scrollIntoView({block: 'nearest'});
	if (error.status === 409)
		options.blame('This name is taken. Choose another one.');
}
