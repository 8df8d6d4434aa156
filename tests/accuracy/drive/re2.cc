// Expressions of each kind, matched by each engine.
#include <cstdio>
#include <string>
#include "re2/filtered_re2.h"
#include "re2/re2.h"
#include "re2/set.h"

int main()
{
	std::string text, all(10000, 'x');
	int n = 0;

	for (auto pattern :
	     { "a(b|c)*d", "(?i)hello\\s+(\\w+)", "[^a-z]+x{3,50}", "\\bfoo\\b",
	       "(?P<year>\\d{4})-(?P<month>\\d\\d)", "(a?){20}a{20}", "x*y*z$",
	       "^(abc|abd|xyz|xyw)+?$", "\\p{Greek}\\pL+", "(((((a)))))", "(" }) {
		RE2::Options options;
		options.set_log_errors(false);
		RE2 re(pattern, options);
		if (!re.ok())
			continue;
		n += RE2::PartialMatch("hello world abcbd 2020-12 foo " + all, re);
		n += RE2::PartialMatch("abcd", re, (void *)nullptr);
		n += RE2::FullMatch("hello world", re, &text);
		n += re.NamedCapturingGroups().size() + re.CapturingGroupNames().size();
		text = "abd foo xxx";
		n += RE2::GlobalReplace(&text, re, "<\\0>");
		std::string low, high;
		n += re.PossibleMatchRange(&low, &high, 10);
		n += re.ReverseProgramSize();
	}
	RE2::Set set(RE2::Options(), RE2::UNANCHORED);
	set.Add("foo", nullptr);
	set.Add("ba+r", nullptr);
	set.Compile();
	std::vector<int> which;
	n += set.Match("xx foo baar", &which);
	re2::FilteredRE2 filtered;
	int id;
	filtered.Add("hello.*world", RE2::Options(), &id);
	filtered.Add("(abc|def)ghi", RE2::Options(), &id);
	std::vector<std::string> atoms;
	filtered.Compile(&atoms);
	n += filtered.FirstMatch("hello my world", { 0, 1 });
	printf("%d\n", n);
}
