/* SPDX-License-Identifier: MIT */
/*
 * What a service's option means for a form: pure functions over the catalog's record, no page in sight.
 *
 * Records are read with suspicion: any field may be missing or of another type than the catalog promises.
 */

const NAME_PATTERN = '^[a-z0-9]{1,20}$';

/* Options that hold a secret although the catalog does not say so. */
const SECRET_NAME = /passw|secret|token|api_?key|access_?key|auth_?key|^(redis|db)_?url$/i;
/* These hold the name of a stored secret, which is no secret itself. */
const SECRET_REFERENCE = /^aws(SecretAccessKey|AccessKeyId)Secret$/i;

const TYPES = new Set(['string', 'boolean', 'enum', 'list']);

/* The record's options as this page uses them, the name first, then what is required. */
export function readOptions(service)
{
	const given = Array.isArray(service?.serviceInstanceOptions) ? service.serviceInstanceOptions : [];
	const seen = new Set();
	const options = [];
	for (const raw of given) {
		if (typeof raw?.name !== 'string' || !raw.name || seen.has(raw.name))
			continue;
		seen.add(raw.name);
		options.push(readOption(raw));
	}
	if (!seen.has('name'))
		options.unshift(readOption({name: 'name', label: 'Name', type: 'string', mandatory: true}));
	const rank = (option) => (option.name === 'name' ? 0 : option.mandatory ? 1 : 2);
	return options.sort((a, b) => rank(a) - rank(b));
}

export function readOption(raw)
{
	const text = (x) => (typeof x === 'string' ? x : '');
	const enums = Array.isArray(raw.enums) ? raw.enums.filter((x) => typeof x === 'string') : [];
	let type = TYPES.has(raw.type) ? raw.type : 'string';
	if (type === 'enum' && !enums.length)
		type = 'string';

	const isName = raw.name === 'name';
	return {
		name: raw.name,
		label: text(raw.label).trim() || raw.name,
		description: text(raw.description).trim(),
		more: text(raw.extendedDescription).trim(),
		type, enums,
		mandatory: isName || raw.mandatory === true,
		secret: !isName && type === 'string' && isSecret(raw),
		initial: typeof raw.default === 'boolean' ? String(raw.default) : text(raw.default),
		/* The platform's rule for names is narrower than what the catalog writes. */
		pattern: isName ? NAME_PATTERN : text(raw.regexValidator),
	};
}

function isSecret(raw)
{
	return raw.sensitive === true || (SECRET_NAME.test(raw.name) && !SECRET_REFERENCE.test(raw.name));
}

/*
 * What is wrong with what was entered, '' when nothing is.  matches(pattern, text) answers 'fits', 'differs' or
 * 'unknown', now or later.
 */
export async function problemOf(option, value, matches)
{
	if (option.type === 'boolean')
		return '';
	if (value === '')
		return option.mandatory ? 'This is required.' : '';
	if (value === '***')
		return 'Three asterisks stand for a value that is hidden. Enter the value itself.';
	if (option.type === 'enum')
		return option.enums.includes(value) ? '' : 'Choose one of the values.';
	/* A stored secret, which the platform fills in: its value is not here to be looked at. */
	if (/^\{\{secrets\.[^{}]+\}\}$/.test(value) || !option.pattern)
		return '';
	for (const item of option.type === 'list' ? value.split(',') : [value]) {
		if (await matches(option.pattern, item) === 'differs')
			return option.name === 'name'
			    ? 'Use 1 to 20 lower-case letters and digits, nothing else.'
			    : 'This does not fit the pattern that the service asks for.';
	}
	return '';
}

/*
 * The body that creates an instance: strings as they are, booleans as such.  What was left empty, and a switch that
 * stands where the service has it anyway, is left out, so that the service's own defaults hold.
 */
export function bodyOf(options, values)
{
	const body = {};
	for (const option of options) {
		const value = values[option.name] ?? '';
		if (option.type === 'boolean') {
			if (option.mandatory || value !== (option.initial === 'true'))
				body[option.name] = value === true;
		} else if (value !== '') {
			body[option.name] = value;
		}
	}
	return body;
}

/* Lines to the one string that options of type list travel as. */
export function joinList(lines)
{
	return lines.split(/[\n,]/).map((line) => line.trim()).filter(Boolean).join(',');
}
