/* SPDX-License-Identifier: MIT */
/* What can be told of the pages without a browser: rules of the house, and the parts that are plain functions. */

import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

import {equal, ok, test} from './tap.mjs';

const www = process.env.WWW;
const files = readdirSync(www, {recursive: true}).filter((name) => /\.(html|css|js|svg)$/.test(name))
    .map((name) => ({name, text: readFileSync(join(www, name), 'utf8')}));
const load = (name) => import(join(www, 'js', name));

function breaches(pattern, kind)
{
	return files.filter(({name}) => kind.test(name)).flatMap(({name, text}) => text.split('\n')
	    .map((line, i) => [`${name}:${i + 1}`, line.replace(/\/\*.*?\*\//g, '')])
	    .filter(([, line]) => pattern.test(line)).map(([at]) => at));
}

test('no page makes markup or code out of text', () => {
	equal(breaches(/\.(inner|outer)HTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setTimeout\(['"`]|createContextualFragment|DOMParser|setHTML/, /\.js$/), [], 'in scripts');
	equal(breaches(/\.style\b|cssText|setAttribute\(['"]style/, /\.js$/), [], 'style from scripts');
	equal(breaches(/\sstyle=|\son\w+=|<style|<script(?![^>]*\ssrc="js\/)|javascript:/i, /\.html$/), [], 'inline in pages');
});

test('nothing is loaded from elsewhere', () => {
	equal(breaches(/(src|action|data)="(https?:)?\/\/|<link[^>]*href="(https?:)?\/\//, /\.html$/), [], 'pages');
	equal(breaches(/url\(|@import/, /\.css$/), [], 'style sheet');
	equal(breaches(/(?:from|import\()\s*['"](?!\.\/)/, /\.js$/), [], 'modules');
});

test('every file is distributed, and has its licence line', () => {
	const listed = readFileSync(join(www, 'www.mk'), 'utf8');
	equal(files.map(({name}) => name).filter((name) => !listed.includes(`%D%/${name}`)), [], 'not in www.mk');
	equal(files.filter(({name, text}) => !name.endsWith('.svg') && !text.includes('SPDX-License-Identifier: MIT')).map((f) => f.name), [], 'without');
});

test('one module knows where the API is', () => {
	equal(files.filter(({name, text}) => name.endsWith('.js') && /\bfetch\(|cgi-bin/.test(text)).map((f) => f.name), ['js/api.js'], 'modules');
});

test('patterns of the catalog are put into words', async () => {
	const {explainPattern} = await load('pattern.js');
	const words = (pattern) => explainPattern(pattern)?.map((rule) => rule.text) ?? null;
	const cases = [
		['^[a-z0-9]{1,20}$', ['Only lower-case letters and digits', 'At most 20 characters']],
		['^\\w+$', ['Only letters, digits and “_”']],
		['^(?=.*[a-z])(?=.*[A-Z])(?=.*\\d).{10,}$', ['Has a lower-case letter', 'Has an upper-case letter', 'Has a digit', 'At least 10 characters']],
		['^(?=.*[!@#])[\\w!@#]{8,64}$', ['Has one of “!”, “@” and “#”', 'Only letters, digits, “_”, “!”, “@” and “#”', '8 to 64 characters']],
		['^(?=.*[\\W_]).{8,}$', ['Has a character that is neither letter nor digit', 'At least 8 characters']],
		['^http', ['Begins with http']],
		['^https?:\\/\\/', ['Begins with http:// or https://']],
		['^s3://.*/$', ['Begins with s3://', 'Ends with /']],
		['^\\d{4}$', ['Only digits', 'Exactly 4 characters']],
		['^(a+)+$', null], ['([', null], ['', null], ['^[^/]+$', null], ['^(?!x).*$', null], ['^[a-f]+$', null], ['^a|b$', null],
	];
	for (const [pattern, wanted] of cases)
		equal(words(pattern), wanted, pattern);
});

test('the words of a pattern mean what the pattern means', async () => {
	const {explainPattern} = await load('pattern.js');
	const values = ['', 'a', 'A', '1', '_', 'abc', 'Abc1', 'Abcdefghi1', 'abcdefghi1', 'Abcdefghij', 'a b', 'äöü', 'x'.repeat(20), 'x'.repeat(21),
		'http', 'http://', 'https://x', 'ftp://', 's3://', 's3://b/', 's3:///', 's3://b', '1234', '12345', 'ab!cdefg', 'ab#cdefg', '-', 'a-b', 'a\nb'];
	for (const pattern of ['^[a-z0-9]{1,20}$', '^\\w+$', '^(?=.*[a-z])(?=.*[A-Z])(?=.*\\d).{10,}$', '^(?=.*[!@#])[\\w!@#]{8,64}$',
		'^http', '^https?:\\/\\/', '^s3://.*/$', '^\\d{4}$', '^[a-zA-Z0-9_-]*$', '^[\\w\\-\\.]+$', '^(?=.*[\\W_]).{8,}$', '^redis://.+$']) {
		const rules = explainPattern(pattern);
		for (const value of values.filter((v) => v && !v.includes('\n')))
			equal(rules.every((rule) => rule.test(value)), new RegExp(pattern).test(value), `${pattern} and ${JSON.stringify(value)}`);
	}
});

test('made-up secrets fit, and differ', async () => {
	const {generateSecret} = await load('pattern.js');
	for (const pattern of [/^(?=.*[a-z])(?=.*[A-Z])(?=.*\d).{10,}$/, /^[0-9a-f]{32}$/, /^\w{1,16}$/, /^(?=.*[!#%+=_.-]).{8,}$/])
		ok(pattern.test(await generateSecret((text) => pattern.test(text))), String(pattern));
	equal(await generateSecret(() => false), null, 'when nothing fits');
	const hundred = new Set();
	for (let i = 0; i < 100; i++)
		hundred.add(await generateSecret());
	equal(hundred.size, 100, 'different ones of a hundred');
});

test('options: what is sent', async () => {
	const {bodyOf, joinList, readOptions} = await load('option-rules.js');
	const options = readOptions({serviceInstanceOptions: [
		{name: 'Mode', type: 'enum', enums: ['a', 'b'], default: 'a', mandatory: false},
		{name: 'Skip', type: 'boolean', mandatory: false}, {name: 'Keep', type: 'boolean', mandatory: false, default: 'true'},
		{name: 'Must', type: 'boolean', mandatory: true}, {name: 'Langs', type: 'list', mandatory: false},
		{name: 'name', type: 'string', mandatory: true, regexValidator: '^\\w+$'}, {name: 'Odd', type: 'enum', mandatory: true},
	]});
	equal(options.map((o) => o.name), ['name', 'Must', 'Odd', 'Mode', 'Skip', 'Keep', 'Langs'], 'order: name, required, rest');
	equal(options[0].pattern, '^[a-z0-9]{1,20}$', 'the platform\'s rule for names');
	equal(options[2].type, 'string', 'an enum without values');
	equal(bodyOf(options, {name: 'x', Mode: '', Skip: false, Keep: true, Must: false, Langs: joinList(' en\n\nsv, de '), Odd: 'o'}),
	    {name: 'x', Must: false, Odd: 'o', Langs: 'en,sv,de'}, 'left as it is');
	equal(bodyOf(options, {name: 'x', Mode: 'b', Skip: true, Keep: false, Must: true, Langs: '', Odd: 'o'}),
	    {name: 'x', Must: true, Odd: 'o', Mode: 'b', Skip: true, Keep: false}, 'changed');
});

test('options: which are secrets', async () => {
	const {readOption} = await load('option-rules.js');
	const secret = (name, more = {}) => readOption({name, type: 'string', ...more}).secret;
	for (const name of ['Password', 'RedisUrl', 'PersonalAccessToken', 'AwsAccessKeyId', 's3SecretKey', 'AdminPassword', 'dbUrl', 'ApiKey', 'oscAccessToken', 'whipAuthKey'])
		equal(secret(name), true, name);
	for (const name of ['name', 'RootUser', 'AwsAccessKeyIdSecret', 'AwsSecretAccessKeySecret', 'RedisQueue', 'EncoreUrl', 'smbUrl', 'CallbackUrl'])
		equal(secret(name), false, name);
	equal(secret('Anything', {sensitive: true}), true, 'marked by the catalog');
});

test('options: what is wrong', async () => {
	const {problemOf, readOption} = await load('option-rules.js');
	const matches = (pattern, text) => (new RegExp(pattern).test(text) ? 'fits' : 'differs');
	const at = async (raw, value) => (await problemOf(readOption({type: 'string', ...raw}), value, matches)).split(/[.]/)[0];
	equal(await at({name: 'a', mandatory: true}, ''), 'This is required', 'empty');
	equal(await at({name: 'a'}, ''), '', 'optional and empty');
	equal(await at({name: 'a', regexValidator: '^b$'}, 'c'), 'This does not fit the pattern that the service asks for', 'pattern');
	equal(await at({name: 'a', regexValidator: '^b$'}, '{{secrets.b}}'), '', 'a stored secret');
	equal(await at({name: 'a'}, '***'), 'Three asterisks stand for a value that is hidden', 'asterisks');
	equal(await at({name: 'a', type: 'enum', enums: ['x']}, 'y'), 'Choose one of the values', 'enum');
	equal(await at({name: 'a', type: 'list', regexValidator: '^[a-z]{2}$'}, 'en,svv'), 'This does not fit the pattern that the service asks for', 'list');
	equal(await at({name: 'name'}, 'A-b'), 'Use 1 to 20 lower-case letters and digits, nothing else', 'name');
	equal(await problemOf(readOption({name: 'a', regexValidator: 'x'}), 'y', async () => 'unknown'), '', 'left to OSC');
});

test('the roster: lists lag behind what was just done', async () => {
	const {Roster, keyOf} = await load('roster.js');
	const key = (name) => keyOf({serviceId: 's', name});
	const list = (...names) => ({instances: names.map((name) => ({serviceId: 's', name, url: '', status: 'running'})), errors: []});
	const r = new Roster();
	const news = (answer, now) => r.take(answer, now).map(({entry, what}) => `${entry.name} ${what}`);
	equal(news(list('a', 'b'), 0), ['a appeared', 'b appeared'], 'first');
	r.created('s', {name: 'c'}, 1000);
	equal(news(list('a', 'b'), 2000), [], 'created, not listed yet: kept');
	equal(news(list('a', 'b', 'c'), 3000), ['c running'], 'listed');
	r.deleting(key('b'));
	equal(news(list('a', 'b', 'c'), 4000), [], 'being deleted, still listed');
	equal(r.get(key('b')).phase, 'deleting', 'its phase');
	r.deleted(key('b'), 5000);
	equal(news(list('a', 'b', 'c'), 6000), [], 'deleted, still listed');
	equal(news(list('a', 'c'), 7000), ['b gone'], 'and gone');
	r.created('s', {name: 'd'}, 8000);
	equal(news(list('a', 'c'), 200000), ['d gone'], 'created and never listed');
	equal(r.take({instances: [], errors: [{serviceId: 's', detail: 'x'}]}, 300000).length, 0, 'a service that does not answer loses nothing');
	equal(r.get(key('a')).stale, true, 'but is marked');
	r.deleting(key('a'));
	r.deleted(key('a'), 300000);
	equal(r.take(list('a', 'c'), 400000).map(({what}) => what), [], 'nothing to tell');
	equal(r.get(key('a')).phase, 'listed', 'and listed again');
	for (const odd of [null, 7, {}, {instances: 'x'}, {instances: [null, {}]}])
		new Roster().take(odd, 0);
});
