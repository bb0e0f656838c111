# SPDX-License-Identifier: MIT
# The requests that a table of doc/http.md names, one "METHOD /path" a line, parameters as {}.
# "..." stands for the beginning of the address before, up to where the two go on alike.
function whole(path,    first, at)
{
	if (path !~ /^\.\.\./)
		return path
	path = substr(path, 4)
	first = path
	sub(/^\//, "", first)
	sub(/\/.*/, "", first)
	at = index(base, "/" first)
	return (at > 0 ? substr(base, 1, at - 1) : base) path
}

function tell(method, path)
{
	gsub(/\{[^}]*\}/, "{}", path)
	print method " " path
}

/^\| `[A-Z]/ {
	cell = substr($0, 3)
	sub(/ \| .*/, "", cell)
	methods = ""
	while (match(cell, /`[^`]*`/)) {
		token = substr(cell, RSTART + 1, RLENGTH - 2)
		cell = substr(cell, RSTART + RLENGTH)
		if (token ~ /^[A-Z]+$/) {
			methods = methods " " token
			continue
		}
		if (token !~ /^[A-Z]+ (\/|\.\.\.)/)
			continue
		path = token
		sub(/ .*/, "", token)
		sub(/^[A-Z]+ /, "", path)
		sub(/[?].*/, "", path)
		path = whole(path)
		if (path !~ /\/(health|logs|log|ports|endpoint|restart|scale|rebuild|retry|resume)$/)
			base = path
		n = split(methods " " token, list, " ")
		for (i = 1; i <= n; i++)
			tell(list[i], path)
		methods = ""
	}
}
