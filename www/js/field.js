/* SPDX-License-Identifier: MIT */
/*
 * One option as one labelled control.  Every field is
 *   {option, element, control, read(), write(value), check() -> promise of '' or what is wrong, complain(text)}
 */

import {el, fill, freshId, say, set} from './dom.js';
import {icon} from './icons.js';
import {joinList, problemOf} from './option-rules.js';
import {explainPattern, generateSecret} from './pattern.js';
import {checkPattern} from './pattern-check.js';

export function field(option)
{
	const id = freshId('option');
	const kind = option.type === 'boolean' ? switchKind : option.type === 'enum' ? choiceKind
	    : option.type === 'list' ? listKind : option.secret ? secretKind : textKind;
	const {control, around, read, write} = kind(option, id);
	const error = el('p', {class: 'error', id: id + '-error'});
	const help = el('div', {class: 'help', id: id + '-help'},
	    option.description && option.description !== option.label && el('p', {}, option.description),
	    option.more && moreHelp(option));
	const rules = option.type === 'boolean' ? null : ruleList(option, id);

	set(control, 'aria-describedby', [error.id, help.id, rules?.element.id].filter(Boolean).join(' '));
	set(control, 'aria-required', option.mandatory && option.type !== 'boolean');

	const mark = option.mandatory || option.type === 'boolean' ? null : el('span', {class: 'optional'}, 'optional');
	const label = el('label', {for: id}, option.label, mark && ' ', mark);
	const element = option.type === 'boolean'
	    ? el('div', {class: 'field switch'}, el('div', {class: 'switch-line'}, around, label), help, error)
	    : el('div', {class: 'field'}, label, help, around, rules?.element, error);

	const complain = (text) => {
		say(error, text);
		set(control, 'aria-invalid', text ? 'true' : null);
		element.classList.toggle('wrong', text !== '');
	};
	const check = async () => {
		const text = await problemOf(option, read(), checkPattern);
		complain(text);
		return text;
	};

	/* Say what is wrong once a field is left, not while it is first being filled; clear it as soon as it is right. */
	control.addEventListener('change', check);
	control.addEventListener('input', () => {
		rules?.show(read());
		if (element.classList.contains('wrong'))
			check();
	});
	write(option.initial);
	rules?.show(read());
	return {option, element, control, read, check, complain, write: (value) => {
		write(value);
		rules?.show(read());
	}};
}

function moreHelp(option)
{
	return el('details', {class: 'more'}, el('summary', {}, 'More about ' + option.label), el('p', {}, option.more));
}

function plain(option, id)
{
	return {id, name: option.name, autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false'};
}

function textKind(option, id)
{
	const long = option.long || option.initial.includes('\n') || /sql|script|yaml|json$/i.test(option.name);
	const control = long ? el('textarea', {...plain(option, id), rows: 4})
	    : el('input', {...plain(option, id), type: 'text'});
	if (option.name === 'name')
		set(control, 'maxlength', 20);
	return {control, around: control, read: () => control.value.trim(), write: (value) => { control.value = value; }};
}

function listKind(option, id)
{
	const control = el('textarea', {...plain(option, id), rows: 3, placeholder: 'One a line'});
	return {control, around: control, read: () => joinList(control.value),
		write: (value) => { control.value = value.split(',').join('\n'); }};
}

function choiceKind(option, id)
{
	const control = el('select', {id, name: option.name},
	    !(option.mandatory && option.enums.includes(option.initial)) &&
		el('option', {value: ''}, option.mandatory ? 'Choose' : 'As the service has it'),
	    option.enums.map((value) => el('option', {value}, value)));
	return {control, around: el('div', {class: 'choice'}, control, icon('down')), read: () => control.value,
		write: (value) => { control.value = option.enums.includes(value) ? value : ''; }};
}

function switchKind(option, id)
{
	const control = el('input', {id, name: option.name, type: 'checkbox'});
	return {control, around: control, read: () => control.checked,
		write: (value) => { control.checked = value === true || value === 'true'; }};
}

function secretKind(option, id)
{
	const control = el('input', {...plain(option, id), type: 'password', autocomplete: 'new-password'});
	const show = el('button', {
		class: 'button quiet', type: 'button', 'aria-pressed': 'false', 'aria-label': 'Show ' + option.label,
		onClick: () => reveal(control.type === 'password'),
	}, icon('eye'), 'Show');
	const reveal = (open) => {
		control.type = open ? 'text' : 'password';
		set(show, 'aria-pressed', String(open));
	};
	const generate = async () => {
		const secret = await generateSecret(async (text) => await problemOf(option, text, checkPattern) === '');
		if (secret === null) {
			fill(make, 'Cannot generate one');
			return;
		}
		control.value = secret;
		reveal(true);
		control.dispatchEvent(new Event('input', {bubbles: true}));
		control.dispatchEvent(new Event('change', {bubbles: true}));
	};
	const make = el('button', {
		class: 'button quiet', type: 'button', 'aria-label': 'Generate ' + option.label, onClick: generate,
	}, icon('dice'), 'Generate');
	/* An address with a password in it, or somebody else's key, cannot be made up here. */
	const own = /passw|secretkey|^apikey$|authkey/i.test(option.name) && !/^(aws|s3|anthropic)/i.test(option.name);
	return {control, around: el('div', {class: 'secret'}, control, el('div', {class: 'secret-acts'}, show, own && make)),
		read: () => control.value, write: (value) => { control.value = value; }};
}

/* The pattern as a list of sentences, each ticked when it holds. */
function ruleList(option, id)
{
	if (!option.pattern)
		return null;
	const rules = explainPattern(option.pattern);
	if (!rules)
		return {
			element: el('p', {class: 'pattern', id: id + '-rules'}, 'Pattern: ', el('code', {}, option.pattern)),
			show() {},
		};
	if (!rules.length)
		return null;

	const items = rules.map(({text}) => el('li', {}, icon('ring'), text));
	return {
		element: el('ul', {class: 'rules', id: id + '-rules'}, items),
		show(value) {
			rules.forEach(({text, test}, i) => {
				const met = value !== '' && test(value);
				if (met === items[i].classList.contains('met'))
					return;
				items[i].classList.toggle('met', met);
				fill(items[i], icon(met ? 'check' : 'ring'), text, met && el('span', {class: 'unseen'}, ' (done)'));
			});
		},
	};
}
