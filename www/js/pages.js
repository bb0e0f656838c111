/* SPDX-License-Identifier: MIT */
/* The pages of this site, as links at the top of each of them.  A page of one's own is one more line. */

import {el, fill} from './dom.js';

const PAGES = [
	['dashboard.html', 'Instances'],
	['jobs.html', 'Jobs'],
	['apps.html', 'Apps'],
	['secrets.html', 'Secrets'],
	['solutions.html', 'Solutions'],
	['intercom.html', 'Intercom'],
	['convert.html', 'Convert'],
];

export function showPages(nav)
{
	const here = new URL(document.baseURI).pathname;
	fill(nav, el('ul', {role: 'list'}, PAGES.map(([file, label]) => {
		const current = new URL(file, document.baseURI).pathname === here;
		return el('li', {}, el('a', {href: file, 'aria-current': current && 'page'}, label));
	})));
}
