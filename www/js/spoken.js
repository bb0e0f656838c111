/* SPDX-License-Identifier: MIT */
/* Short news: said by screen readers from a live region, and shown for a few seconds to those who look. */

import {byId, el} from './dom.js';
import {icon} from './icons.js';

const SHOWN_MS = 6000;
const AT_ONCE = 3;

/* Said only: for what is plain to see anyway. */
export function speak(text)
{
	/* Said again when the same thing happens again: an unchanged region stays silent. */
	const region = byId('spoken');
	region.textContent = '';
	setTimeout(() => { region.textContent = text; }, 50);
}

/* Said and shown. */
export function tell(text, kind = 'good')
{
	speak(text);
	const toast = el('p', {class: 'toast ' + kind}, icon(kind === 'good' ? 'check' : 'alert'), text);
	byId('toasts').append(toast);
	while (byId('toasts').children.length > AT_ONCE)
		byId('toasts').firstElementChild.remove();
	setTimeout(() => toast.remove(), SHOWN_MS);
}
