/* SPDX-License-Identifier: MIT */
/* What is to be converted, and how: a file or an address, a profile, a name. */

import {ApiError, call} from './api.js';
import {whileBusy} from './busy.js';
import {isName, sizeWords} from './convert-rules.js';
import {el, fill, freshId, say, set} from './dom.js';
import {icon} from './icons.js';
import {problemBox} from './problem.js';
import {upload} from './upload.js';

const PROFILES = ['program']; /* the one that Encore always has */

/* {element, profiles(names)}; onSent(job) when a job was taken. */
export function convertForm({onSent})
{
	const ids = Object.fromEntries(['file', 'url', 'profile', 'name', 'error'].map((name) => [name, freshId(name)]));
	const file = el('input', {type: 'file', id: ids.file, accept: 'video/*,audio/*,.mkv,.mxf,.ts', 'aria-describedby': ids.error});
	const url = el('input', {type: 'url', id: ids.url, inputmode: 'url', placeholder: 'https://', autocomplete: 'off', spellcheck: 'false', 'aria-describedby': ids.error});
	const profile = el('select', {id: ids.profile}, PROFILES.map((name) => el('option', {value: name}, name)));
	const name = el('input', {type: 'text', id: ids.name, maxlength: 64, autocomplete: 'off', spellcheck: 'false', 'aria-describedby': ids.error});
	const error = el('p', {class: 'error', id: ids.error});
	const trouble = el('div', {class: 'trouble'});
	const bar = uploadBar();
	const label = [icon('upload'), 'Convert'];
	const submit = el('button', {class: 'button primary', type: 'submit'}, label);

	const line = (id, text, control, ...more) => el('div', {class: 'field'}, el('label', {for: id}, text, ...more), control);
	const fileField = line(ids.file, 'File', file);
	const urlField = line(ids.url, 'Address', url);
	const byUrl = el('input', {type: 'radio', name: 'origin', value: 'url', onChange: choose});
	const byFile = el('input', {type: 'radio', name: 'origin', value: 'file', checked: true, onChange: choose});
	const element = el('form', {class: 'card convert-form', novalidate: true, onSubmit: send},
	    el('fieldset', {class: 'chips'}, el('legend', {class: 'unseen'}, 'Where it is'),
		el('label', {class: 'chip'}, byFile, el('span', {}, 'A file of mine')),
		el('label', {class: 'chip'}, byUrl, el('span', {}, 'An address'))),
	    el('div', {class: 'convert-fields'}, fileField, urlField,
		line(ids.profile, 'Profile', el('div', {class: 'choice'}, profile, icon('down'))),
		line(ids.name, 'Name', name, ' ', el('span', {class: 'optional'}, 'optional'))),
	    error, bar.element, trouble, el('p', {class: 'acts'}, submit));
	choose();

	function choose()
	{
		fileField.hidden = byUrl.checked;
		urlField.hidden = !byUrl.checked;
		complain();
	}

	function complain({control, text} = {text: ''})
	{
		say(error, text);
		for (const one of [file, url, name])
			set(one, 'aria-invalid', one === control ? 'true' : null);
	}

	/* {control, text}: what is wrong with what was chosen, and where; null when nothing is. */
	function wrong()
	{
		if (!byUrl.checked && !file.files.length)
			return {control: file, text: 'Choose a file first.'};
		if (byUrl.checked && !/^https:\/\/[^/\s]+\/\S*$/i.test(url.value.trim()))
			return {control: url, text: 'Enter the address of a file; it must begin with https://.'};
		if (name.value.trim() && !isName(name.value.trim()))
			return {control: name, text: 'A name is made of letters, digits, dots, hyphens and underscores, a letter or digit first.'};
		return null;
	}

	function send(event)
	{
		event.preventDefault();
		const trouble = wrong();
		complain(trouble ?? undefined);
		if (trouble) {
			trouble.control.focus();
			return;
		}
		whileBusy(submit, byUrl.checked ? 'Starting' : 'Uploading', label, submitJob);
	}

	async function submitJob()
	{
		fill(trouble);
		try {
			const source = byUrl.checked ? url.value.trim() : await bar.during((options) => upload(file.files[0], options));
			const body = {source, profile: profile.value, ...(name.value.trim() && {name: name.value.trim()})};
			const job = await call('api/convert/jobs', {method: 'POST', body});
			element.reset();
			choose();
			onSent(job);
		} catch (error) {
			if (error === STOPPED)
				return;
			if (!(error instanceof ApiError))
				throw error;
			fill(trouble, problemBox(error, {heading: 'h3', lead: 'Not started', retry: () => element.requestSubmit()}));
		}
	}

	return {
		element,
		/* What the pipeline offers; a choice made before stays. */
		profiles(names)
		{
			const list = Array.isArray(names) && names.length ? names.filter((one) => typeof one === 'string') : PROFILES;
			if (list.join('\n') === [...profile.options].map((option) => option.value).join('\n'))
				return;
			const chosen = profile.value;
			fill(profile, list.map((one) => el('option', {value: one}, one)));
			if (list.includes(chosen))
				profile.value = chosen;
		},
	};
}

const STOPPED = new Error('the visitor stopped it');

/* The browser asks whether to leave: half a file is no use to anybody. */
function stay(event)
{
	event.preventDefault();
}

/* {element, during(work) -> what work({onProgress, signal}) resolves with}: shown while it lasts, with a way to stop it. */
function uploadBar()
{
	const bar = el('progress', {max: 1, 'aria-label': 'Upload'});
	const words = el('span', {class: 'count'});
	let control = null;
	const element = el('div', {class: 'upload'}, bar, words,
	    el('button', {class: 'button quiet', type: 'button', onClick: () => control?.abort(STOPPED)}, icon('close'), 'Stop'));
	element.hidden = true;
	return {
		element,
		async during(work)
		{
			control = new AbortController();
			bar.removeAttribute('value');
			say(words, '');
			element.hidden = false;
			addEventListener('beforeunload', stay);
			try {
				return await work({
					signal: control.signal,
					onProgress(done, all)
					{
						bar.value = all ? done / all : 0;
						say(words, `${sizeWords(done)} of ${sizeWords(all)}`);
					},
				});
			} finally {
				removeEventListener('beforeunload', stay);
				element.hidden = true;
			}
		},
	};
}
