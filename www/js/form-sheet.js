/* SPDX-License-Identifier: MIT */
/* A form in the panel at the side, for what a page makes by itself: fields, a button, and what went wrong. */

import {ApiError} from './api.js';
import {whileBusy} from './busy.js';
import {el, fill} from './dom.js';
import {readOption} from './option-rules.js';
import {optionsForm} from './options-form.js';
import {problemBox} from './problem.js';

/*
 * A field of a page's own, as a catalog record would describe it: {name, label, description, type, enums, mandatory,
 * default, regexValidator, sensitive}; also long (several lines), and secret to say outright whether it is one.
 */
export function ownField({long = false, secret, ...raw})
{
	const option = readOption({type: 'string', ...raw});
	return {...option, long, secret: secret ?? option.secret};
}

/*
 * panel   sheet()
 * intro   nodes above the fields, submit and doing the button's words
 * send(body) makes the call; the panel closes when it resolves
 * taken   what to say at the name when the answer is 409
 */
export function showFormSheet(panel, {title, back, intro, fields, submit, doing, send, taken})
{
	const form = optionsForm(fields);
	const trouble = el('div', {class: 'trouble'});
	const button = el('button', {class: 'button primary', type: 'submit', form: 'own-form'}, submit);

	async function attempt()
	{
		fill(trouble);
		if (!await form.check())
			return;
		try {
			await send(form.body());
		} catch (error) {
			refused(error);
			return;
		}
		panel.close();
	}

	function refused(error)
	{
		if (!(error instanceof ApiError))
			throw error;
		fill(trouble, problemBox(error, {heading: 'h3', lead: 'Not done'}));
		trouble.scrollIntoView({block: 'nearest'});
		if (error.status === 409 && taken)
			form.blame(taken);
	}

	panel.show({
		title, back,
		body: el('form', {id: 'own-form', class: 'own-form', novalidate: true, autocomplete: 'off', onSubmit: (event) => {
			event.preventDefault();
			whileBusy(button, doing, submit, attempt);
		}}, intro, trouble, form.element),
		foot: [el('button', {class: 'button', type: 'button', onClick: panel.close}, 'Cancel'), button],
	});
}
