/* SPDX-License-Identifier: MIT */
/*
 * The catalog's patterns, in words.  A pattern such as ^(?=.*[a-z])(?=.*\d).{10,}$ becomes a list of rules, each with a
 * sentence and a test of its own, so that a person sees which one is not met yet.  Patterns that are not understood give
 * null: then the whole pattern decides (pattern-check.js) and is shown as it is.
 *
 * Rules are built from pieces recognised here, never from the pattern's own text, so their tests are cheap whatever the
 * catalog says.
 */

const CLASS_NAMES = {
	'a-z': 'lower-case letters', 'A-Z': 'upper-case letters', '0-9': 'digits', '\\d': 'digits', '\\s': 'spaces',
};
const ONE_OF = {
	'a-z': 'a lower-case letter', 'A-Z': 'an upper-case letter', '0-9': 'a digit', '\\d': 'a digit', 'a-zA-Z': 'a letter',
	'\\W': 'a character that is neither letter nor digit', '\\W_': 'a character that is neither letter nor digit',
};

/* [{text, test(value)}], or null where the pattern says something that is not known here. */
export function explainPattern(pattern)
{
	const whole = /^\^(.*)\$$/s.exec(pattern);
	if (!whole)
		return explainBeginning(pattern);

	const rules = [];
	let rest = whole[1];
	const lookahead = /^\(\?=\.\*(?:\[((?:\\.|[^\]\\])+)\]|(\\[dW]))\)/;
	for (let ahead; (ahead = lookahead.exec(rest)); rest = rest.slice(ahead[0].length)) {
		const rule = oneOf(ahead[1] ?? ahead[2]);
		if (!rule)
			return null;
		rules.push(rule);
	}
	const tail = explainRun(rest) ?? explainEnds(rest);
	return tail ? [...rules, ...tail] : null;
}

/* s3://.*\/ : how the value begins and ends, with anything between. */
function explainEnds(rest)
{
	const plain = String.raw`((?:[\w:/@ -]|\\[^\w\s])*)`;
	const found = new RegExp(`^${plain}\\.([*+])${plain}$`).exec(rest);
	if (!found)
		return null;
	const [start, end] = [found[1], found[3]].map((text) => text.replaceAll('\\', ''));
	const least = start.length + end.length + (found[2] === '+' ? 1 : 0);
	return [
		start && {text: 'Begins with ' + start, test: (value) => value.startsWith(start)},
		end && {text: 'Ends with ' + end, test: (value) => value.length >= least && value.endsWith(end)},
	].filter(Boolean);
}

/* ^http, ^s3://, ^https?:// : how the value begins. */
function explainBeginning(pattern)
{
	const found = /^\^([A-Za-z0-9]+)(s\?)?((?::|\\?\/)*)$/.exec(pattern);
	if (!found)
		return null;
	const [, word, optional = '', tail] = found;
	const ends = tail.replaceAll('\\', '');
	const starts = optional ? [word + ends, word + 's' + ends] : [word + ends];
	return [{
		text: 'Begins with ' + starts.join(' or '),
		test: (value) => starts.some((start) => value.startsWith(start)),
	}];
}

function oneOf(set)
{
	const members = parseSet(set);
	if (!members || (members.vague && !ONE_OF[set]))
		return null;
	const name = ONE_OF[set] ?? 'one of ' + describe(members);
	return {text: 'Has ' + name, test: (value) => [...value].some(members.has)};
}

/* .{10,}  [a-z0-9]+  \w{1,20} : what the value is made of, and how long it is. */
function explainRun(rest)
{
	const found = /^(\.|\\[wds]|\[((?:\\.|[^\]\\])+)\])(\+|\*|\{(\d+)(,?)(\d*)\})$/.exec(rest);
	if (!found)
		return null;
	const [, atom, inside, times, low, comma, high] = found;
	const least = times === '*' ? 0 : Number(low ?? 1);
	const most = times === '+' || times === '*' || (comma && !high) ? Infinity : Number(high || low);
	const rules = [];

	if (atom !== '.') {
		const members = parseSet(inside ?? atom);
		if (!members || members.vague)
			return null;
		rules.push({text: 'Only ' + describe(members), test: (value) => [...value].every(members.has)});
	}
	const length = lengthRule(least, most);
	return length ? [...rules, length] : rules;
}

function lengthRule(least, most)
{
	const test = (value) => value.length >= least && value.length <= most;
	if (least === most)
		return {text: `Exactly ${count(most)}`, test};
	if (most === Infinity)
		return least > 1 ? {text: `At least ${count(least)}`, test} : null;
	return least > 1 ? {text: `${least} to ${count(most)}`, test} : {text: `At most ${count(most)}`, test};
}

function count(n)
{
	return n === 1 ? '1 character' : n + ' characters';
}

/* What stands between [ and ], as {has(character), names, others, vague: true where a part has no name}, or null. */
function parseSet(text)
{
	if (text.startsWith('^'))
		return null;
	const names = [];
	const others = new Set();
	const ranges = [];
	for (let rest = text; rest; ) {
		const piece = /^(a-z|A-Z|0-9|\\d|\\w|\\W_?|\\s)/.exec(rest)?.[0] ?? /^(\\[^a-zA-Z0-9]|[^\\])/.exec(rest)?.[0];
		if (!piece || /^[^\\]-[^\]]/.test(rest) && !CLASS_NAMES[piece])
			return null;
		rest = rest.slice(piece.length);
		if (piece === '\\w')
			names.push('letters', 'digits', '“_”');
		else if (CLASS_NAMES[piece])
			names.push(CLASS_NAMES[piece]);
		if (piece.length > 1 && !/^\\[^a-zA-Z]/.test(piece))
			ranges.push(RANGES[piece]);
		else
			others.add(piece.at(-1));
	}
	const vague = ranges.some((range) => range === RANGES['\\W'] || range === RANGES['\\W_']);
	return {has: (c) => others.has(c) || ranges.some((range) => range.test(c)), names, others, vague};
}

const RANGES = {
	'a-z': /^[a-z]$/, 'A-Z': /^[A-Z]$/, '0-9': /^\d$/, '\\d': /^\d$/, '\\w': /^\w$/, '\\s': /^\s$/,
	'\\W': /^\W$/, '\\W_': /^[\W_]$/,
};

function describe({names, others})
{
	const named = [...new Set(names)];
	const both = named.indexOf('upper-case letters');
	if (both >= 0 && named.includes('lower-case letters')) {
		named.splice(both, 1);
		named[named.indexOf('lower-case letters')] = 'letters';
	}
	const signs = [...others].filter((c) => !(c === '_' && named.includes('“_”')));
	const parts = [...named, ...signs.map((c) => (c === ' ' ? 'spaces' : c === ',' ? 'commas' : `“${c}”`))];
	return parts.length > 1 ? parts.slice(0, -1).join(', ') + ' and ' + parts.at(-1) : parts[0] ?? '';
}

/*
 * A random secret that fits(candidate) accepts (it may answer late), or null after trying long enough.  Letters and
 * digits first: they survive being put into URLs and command lines.
 */
export async function generateSecret(fits = () => true)
{
	const letters = 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
	const signs = letters + '!#%+-_=.';
	const attempts = [[letters, 24], [signs, 24], [letters, 16], [signs, 12], ['0123456789abcdef', 32]];
	for (const [alphabet, length] of attempts) {
		for (let i = 0; i < 4; i++) {
			const candidate = randomText(alphabet, length);
			/* One of each kind, or another throw: half of all patterns ask for that. */
			if (alphabet.includes('A') && !/(?=.*[a-z])(?=.*[A-Z])(?=.*\d)/.test(candidate))
				continue;
			if (await fits(candidate))
				return candidate;
		}
	}
	return null;
}

function randomText(alphabet, length)
{
	let text = '';
	/* Bytes beyond the last whole multiple are thrown away, else some characters came up more often. */
	const limit = 256 - 256 % alphabet.length;
	while (text.length < length) {
		for (const byte of crypto.getRandomValues(new Uint8Array(length))) {
			if (byte < limit && text.length < length)
				text += alphabet[byte % alphabet.length];
		}
	}
	return text;
}
