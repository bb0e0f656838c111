/* SPDX-License-Identifier: MIT */
/* The choice of a service: what is active in the workspace, what could be, and a box to find one among them. */

import {el, fill, freshId} from './dom.js';

/* Nodes for a panel.  services as serviceBook().all() has them; onChoose(serviceId). */
export function chooser(services, onChoose)
{
	const id = freshId('find');
	const list = el('div', {class: 'offers'});
	const find = el('input', {
		type: 'search', id, placeholder: 'Find a service', autocomplete: 'off', spellcheck: 'false',
	});
	const draw = () => fill(list, offers(services, find.value, onChoose));

	find.addEventListener('input', draw);
	draw();
	return [el('div', {class: 'find'}, el('label', {class: 'unseen', for: id}, 'Find a service'), find), list];
}

function offers(services, words, onChoose)
{
	const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
	const found = services.filter((service) => {
		const text = `${service.title} ${service.serviceId} ${service.category} ${service.description}`.toLowerCase();
		return wanted.every((word) => text.includes(word));
	});
	if (!found.length)
		return el('p', {class: 'muted'},
		    'No service fits. More can be activated in the OSC console; they appear here then.');
	return [
		section('In your workspace', found.filter((s) => s.active), onChoose),
		section('Can be activated', found.filter((s) => !s.active), onChoose),
	];
}

function section(title, services, onChoose)
{
	return services.length > 0 && el('section', {class: 'offer-part'},
	    el('h3', {}, title),
	    el('ul', {role: 'list'}, services.map((service) => offer(service, onChoose))));
}

function offer({serviceId, title, category, description}, onChoose)
{
	return el('li', {}, el('button', {class: 'offer', type: 'button', onClick: () => onChoose(serviceId)},
	    el('strong', {}, title),
	    category && el('span', {class: 'tag'}, category),
	    el('span', {class: 'offer-text'}, description)));
}
