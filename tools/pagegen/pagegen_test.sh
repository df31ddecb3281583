#!/bin/sh
# pagegen_test.sh PAGEGEN SRC COMPILER…: every mistake in a page stops the build at its line.
set -eu
pagegen=$1 src=$2
shift 2
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
failed=0 count=0

# Makes a page of standard input; its first line is line 3 of the file.
page() {
	{
		echo '{{@use base/base.h}}'
		echo '{{@page shown(struct html *out, str s, int64_t n)}}'
		cat
	} >"$room/shown.html"
}

told() { # NAME LINE WORDS: what was said must name the line and hold the words
	count=$((count + 1))
	if grep -q "shown.html:$2:.*$3" "$room/said"; then
		echo "ok $count - $1"
	else
		failed=1
		echo "not ok $count - $1: wanted line $2 and '$3', got:"
		sed 's/^/# /' "$room/said"
	fi
}

refuses() { # NAME LINE WORDS <page
	page
	if "$pagegen" "$room/shown.html" "$room/shown_html.h" "$room/shown_html.c" 2>"$room/said"; then
		echo "it was accepted" >"$room/said"
	fi
	told "$@"
}

compile() {
	"$@" -std=gnu17 -fsyntax-only -Wall -Wextra -Wno-unused-parameter -Werror "-I$src" "-I$room" "$room/shown_html.c" 2>"$room/said"
}

compiler_refuses() { # NAME LINE WORDS <page
	page
	"$pagegen" "$room/shown.html" "$room/shown_html.h" "$room/shown_html.c"
	if compile $compiler; then echo "it was compiled" >"$room/said"; fi
	told "$@"
}

accepts() { # NAME LINE WORDS <page: the generated C holds the words under the line
	page
	"$pagegen" "$room/shown.html" "$room/shown_html.h" "$room/shown_html.c" 2>"$room/said" &&
		compile $compiler &&
		awk -v line="$2" '/^#line/ { at = $2 } { print "shown.html:" at ": " $0 }' "$room/shown_html.c" >"$room/said"
	told "$@"
}

compiler="$*"

accepts text_is_escaped_as_text 3 'html_put(out, (s))' <<'P'
<p>{{s}}</p>
P
accepts an_attribute_is_escaped_as_attribute 3 'html_put_attr(out, (s))' <<'P'
<p class="a {{s}}">x</p>
P
accepts an_address_is_checked 3 'html_put_url(out, (s))' <<'P'
<a href="{{s}}">x</a>
P
accepts a_part_of_an_address_is_percent_encoded 3 'html_put_url_part(out, (n))' <<'P'
<a href="/l/{{n}}">x</a>
P
accepts the_text_of_a_textarea_is_text 4 'html_put(out, (s))' <<'P'
<textarea name="a">
{{s}}</textarea>
P
accepts branches_may_add_an_attribute 3 'html_put_attr(out, (s))' <<'P'
<input{{#if n}} checked{{/}} value="{{s}}">
P
accepts else_if_and_else 5 'html_put(out, (n))' <<'P'
{{#if n == 1}}one{{#else if n == 2}}two
{{#else}}
{{n}}{{/}}
P
accepts a_note_may_hold_anything 4 'html_put(out, (s))' <<'P'
{{-- {{ }} <script> {{s}} --}}
{{s}}
P
accepts white_space_over_a_line_is_one_break_and_none_at_the_end 2 '"<p>y</p>", 17' <<'P'
<p>x</p>

    <p>y</p>
P
refuses an_unquoted_attribute 3 'needs quotes' <<'P'
<p class={{s}}>x</p>
P
refuses an_unquoted_attribute_that_goes_on 3 'needs quotes' <<'P'
<p class=a{{s}}>x</p>
P
refuses single_quotes 3 'needs quotes' <<'P'
<p class='{{s}}'>x</p>
P
refuses a_value_in_a_script 3 'script' <<'P'
<script>{{s}}</script>
P
refuses a_script_in_the_page 4 'assets/' <<'P'

<script>alert(1)</script>
P
refuses a_style_in_the_page 3 'assets/' <<'P'
<style>p { color: red }</style>
P
refuses a_style_attribute 3 'policy' <<'P'
<p style="color: {{s}}">x</p>
P
refuses an_event_attribute 3 'policy' <<'P'
<p onclick="{{s}}">x</p>
P
refuses a_scheme_from_the_page_that_runs_code 3 'an address with a value' <<'P'
<a href="javascript:{{s}}">x</a>
P
refuses a_tag_named_by_a_value 3 'name of a tag' <<'P'
<{{s}}>x</p>
P
refuses an_attribute_named_by_a_value 3 'name of a tag' <<'P'
<p {{s}}="x">x</p>
P
refuses a_value_in_a_comment 3 'comment' <<'P'
<!-- {{s}} -->
P
refuses a_block_never_closed 4 'never closed' <<'P'
<p>
{{#if n}}x</p>
P
refuses a_close_without_a_block 3 'closes nothing' <<'P'
{{/}}
P
refuses branches_that_end_elsewhere 5 'different places' <<'P'
<p class="{{#if n}}a"
{{#else}}b
{{/}}">x</p>
P
refuses an_else_after_an_else 3 'without an open' <<'P'
{{#if n}}a{{#else}}b{{#else}}c{{/}}
P
refuses an_else_in_an_each 3 'without an open' <<'P'
{{#each x in s}}a{{#else}}b{{/}}
P
refuses a_page_that_ends_in_a_tag 4 'end of the page' <<'P'
<p class="x"
P
refuses a_tag_never_closed 3 'never closed' <<'P'
<p>{{s</p>
P
refuses an_unknown_block 3 'no such block' <<'P'
{{#unless n}}{{/}}
P
refuses a_statement_where_a_value_is_wanted 3 'expression is wanted' <<'P'
{{s; abort()}}
P
refuses a_bare_less_than 3 'write &lt;' <<'P'
<p>1 < 2</p>
P
refuses a_call_inside_an_attribute 3 'in text only' <<'P'
<p class="{{> other(out)}}">x</p>
P
compiler_refuses a_misspelled_field 4 'lenght' <<'P'
<p>
{{s.lenght}}</p>
P
compiler_refuses a_type_nobody_shows 3 '_Generic\|not compatible' <<'P'
<p>{{&n}}</p>
P
compiler_refuses a_misspelled_condition 5 'nn' <<'P'
<p>

{{#if nn}}x{{/}}</p>
P
echo "1..$count"
exit $failed
