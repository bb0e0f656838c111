/* SPDX-License-Identifier: MIT */
/* Short news: said by screen readers from a live region, and shown for a few seconds to those who look. */

import {byId, el, set} from './dom.js';
import {icon} from './icons.js';

const SHOWN_MS = 6000;
const AT_ONCE = 3;

/* Said only: for what is plain to see anyway. */
export function speak(text)
{
	for (const region of [byId('spoken'), regionInFront()].filter(Boolean)) {
		/* Said again when the same thing happens again: an unchanged region stays silent. */
		region.textContent = '';
		setTimeout(() => { region.textContent = text; }, 50);
	}
}

/* What is behind an open panel is not read out: while one is open, it has a region of its own. */
function regionInFront()
{
	const panel = [...document.querySelectorAll('dialog[open]')].at(-1);
	if (!panel)
		return null;
	if (!panel.querySelector('.spoken'))
		panel.append(el('div', {class: 'unseen spoken', role: 'status', 'aria-live': 'polite'}));
	return panel.querySelector('.spoken');
}

/* Said and shown. */
export function tell(text, kind = 'good')
{
	speak(text);
	const toast = el('p', {class: 'toast ' + kind}, icon(kind === 'good' ? 'check' : 'alert'), text);
	byId('toasts').append(toast);
	toFront(byId('toasts'));
	while (byId('toasts').children.length > AT_ONCE)
		byId('toasts').firstElementChild.remove();
	setTimeout(() => toast.remove(), SHOWN_MS);
}

/* Above an open panel, where the browser can do that. */
function toFront(toasts)
{
	if (!toasts.showPopover)
		return;
	set(toasts, 'popover', 'manual');
	if (toasts.matches(':popover-open'))
		toasts.hidePopover();
	toasts.showPopover();
}
