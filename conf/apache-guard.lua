-- SPDX-License-Identifier: MIT
--
-- What mod_fcgid's access checker says stays in the answer's header lines,
-- where a browser would see it, and mod_headers cannot take it out of Apache's
-- own error pages.  This does, right after the check.

function hide(r)
	for _, name in ipairs({ "OSC_TENANT", "OSC_SUBJECT", "OSC_ACCESS_TOKEN" }) do
		r.err_headers_out["Variable-" .. name] = nil
		r.headers_out["Variable-" .. name] = nil
	end
	return apache2.DECLINED
end
