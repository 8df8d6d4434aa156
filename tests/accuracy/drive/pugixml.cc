// Parses a file, changes and asks it.
#include <iostream>
#include <sstream>
#include "pugixml.hpp"

int main(int argc, char **argv)
{
	pugi::xml_document doc;

	if (argc < 2 || !doc.load_file(argv[1]))
		return 1;
	for (int i = 0; i < 1000; i++) {
		auto node = doc.append_child(("node" + std::to_string(i)).c_str());
		node.append_attribute("key") = i;
		node.text().set("a text that does not fit where it was");
	}
	pugi::xpath_variable_set vars;
	vars.set("n", 3.0);
	vars.set("s", "text");
	vars.set("b", true);
	vars.set("set", doc.select_nodes("//*"));
	for (auto text : { "//*[@key > $n]/ancestor::*", "count(//node1 | //node2)",
			   "concat(name(/*), $s, translate('abc', 'a', 'b'))",
			   "//*[position() = last() and not(@x) or $b]" }) {
		pugi::xpath_query query(text, &vars);
		if (query.return_type() == pugi::xpath_type_node_set)
			query.evaluate_node_set(doc).sort();
		else
			query.evaluate_string(doc);
	}
	std::ostringstream out;
	doc.save(out);
	std::string text = out.str();
	pugi::xml_document again;
	again.load_buffer(text.data(), text.size());
	again.load_string(text.c_str());
	again.append_copy(doc.first_child());
	std::istringstream in(text);
	again.load(in);
	std::cout << text.size() << "\n";
}
