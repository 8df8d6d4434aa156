/*
 * See rules.h. One line a class. What is in a library's namespace and not in
 * the table is opened, and its names are not shown.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/die.h"
#include "model/memory.h"
#include "model/model.h"
#include "model/type.h"
#include "debug/entry.h"
#include "types/rules.h"
#include "debug/store.h"

#define COUNTED(head, name)                                      \
	{                                                        \
		head, WAY_POINTER, OWN_COUNTED, 0, 0, name, NULL \
	}
#define WEAK(head, name)                                      \
	{                                                     \
		head, WAY_POINTER, OWN_WEAK, 0, 0, name, NULL \
	}
#define UNIQUE(head, name)                                      \
	{                                                       \
		head, WAY_POINTER, OWN_UNIQUE, 0, 0, name, NULL \
	}
#define BORROWED(head)                                            \
	{                                                         \
		head, WAY_POINTER, OWN_BORROWED, 0, 0, NULL, NULL \
	}
#define CALLABLE(head, name)                                     \
	{                                                        \
		head, WAY_POINTER, OWN_UNIQUE, -1, 0, name, NULL \
	}
/* Of elements of its first argument. */
#define BUFFER(head, name)                                        \
	{                                                         \
		head, WAY_CONTAINER, OWN_UNIQUE, 0, 0, name, NULL \
	}
#define NODES(head, nodes)                                          \
	{                                                           \
		head, WAY_CONTAINER, OWN_UNIQUE, -1, 0, NULL, nodes \
	}
#define WHOLE(head, name)                                          \
	{                                                          \
		head, WAY_CONTAINER, OWN_UNIQUE, -1, 0, name, NULL \
	}
#define SHARED(head, name)                                          \
	{                                                           \
		head, WAY_CONTAINER, OWN_COUNTED, -1, 0, name, NULL \
	}
#define NAMED(head)                                            \
	{                                                      \
		head, WAY_HIDE, OWN_UNKNOWN, -1, 0, head, NULL \
	}
#define CALLED(head, name)                                     \
	{                                                      \
		head, WAY_HIDE, OWN_UNKNOWN, -1, 0, name, NULL \
	}
#define HIDDEN(head)                                           \
	{                                                      \
		head, WAY_HIDE, OWN_UNKNOWN, -1, 0, NULL, NULL \
	}
#define SHOWN(head, text)                                      \
	{                                                      \
		head, WAY_SHOW, OWN_UNKNOWN, -1, 0, text, NULL \
	}
#define OPEN(head)                                             \
	{                                                      \
		head, WAY_OPEN, OWN_UNKNOWN, -1, 0, NULL, NULL \
	}
#define NODE(head)                                            \
	{                                                     \
		head, WAY_NODE, OWN_UNIQUE, -1, 0, NULL, NULL \
	}
#define STORAGE(head)                                             \
	{                                                         \
		head, WAY_ARGUMENT, OWN_UNKNOWN, 0, 0, NULL, NULL \
	}
#define HELD(head, at)                                         \
	{                                                      \
		head, WAY_HELD, OWN_UNKNOWN, 0, at, NULL, NULL \
	}
#define APART(head)                                           \
	{                                                     \
		head, WAY_APART, OWN_UNIQUE, 0, 0, NULL, NULL \
	}

static const struct rule rules[] = {
	/* C++: pointers */
	COUNTED("std::shared_ptr", "std::shared_ptr"),
	COUNTED("std::__shared_ptr", "std::shared_ptr"),
	WEAK("std::weak_ptr", "std::weak_ptr"),
	WEAK("std::__weak_ptr", "std::weak_ptr"),
	SHOWN("std::enable_shared_from_this", "weak_from_this()"),
	SHOWN("std::__enable_shared_from_this", "weak_from_this()"),
	UNIQUE("std::unique_ptr", "std::unique_ptr"),
	UNIQUE("std::auto_ptr", "std::auto_ptr"),
	BORROWED("std::reference_wrapper"),
	CALLABLE("std::function", "std::function"),
	CALLABLE("std::move_only_function", "std::move_only_function"),
	CALLABLE("std::any", "std::any"),
	COUNTED("boost::shared_ptr", "boost::shared_ptr"),
	COUNTED("boost::shared_array", "boost::shared_array"),
	COUNTED("boost::local_shared_ptr", "boost::local_shared_ptr"),
	WEAK("boost::weak_ptr", "boost::weak_ptr"),
	UNIQUE("boost::scoped_ptr", "boost::scoped_ptr"),
	UNIQUE("boost::scoped_array", "boost::scoped_array"),
	CALLABLE("boost::function", "boost::function"),
	COUNTED("*intrusive_ptr", NULL),
	COUNTED("*IntrusivePtr", NULL),
	COUNTED("*IntrusiveRefCntPtr", NULL),
	COUNTED("*RefPtr", NULL),
	COUNTED("*RefCountedPtr", NULL),
	COUNTED("*ref_ptr", NULL),
	COUNTED("*scoped_refptr", NULL),
	COUNTED("*sk_sp", NULL),
	COUNTED("*com_ptr", NULL),
	COUNTED("*CComPtr", NULL),
	COUNTED("*nsCOMPtr", NULL),
	COUNTED("*vtkSmartPointer", NULL),
	COUNTED("itk::SmartPointer", NULL),
	COUNTED("Poco::AutoPtr", NULL),
	COUNTED("Poco::SharedPtr", NULL),
	COUNTED("QSharedPointer", "QSharedPointer"),
	COUNTED("QSharedDataPointer", "QSharedDataPointer"),
	COUNTED("QExplicitlySharedDataPointer", "QExplicitlySharedDataPointer"),
	WEAK("QWeakPointer", "QWeakPointer"),
	WEAK("QPointer", "QPointer"),
	UNIQUE("QScopedPointer", "QScopedPointer"),
	UNIQUE("QScopedArrayPointer", "QScopedArrayPointer"),
	/* C++: containers */
	BUFFER("std::vector", "std::vector"),
	WHOLE("std::deque", "std::deque"),
	WHOLE("std::basic_string", "std::string"),
	NAMED("std::list"),
	NODES("std::_List_base", "std::_List_node<%0>"),
	NODES("std::__list_imp", "std::__1::__list_node<%0,void*>"),
	NAMED("std::forward_list"),
	NODES("std::_Fwd_list_base", "std::_Fwd_list_node<%0>"),
	NODES("std::__forward_list_base",
	      "std::__1::__forward_list_node<%0,void*>"),
	NAMED("std::map"),
	NAMED("std::multimap"),
	NAMED("std::set"),
	NAMED("std::multiset"),
	NODES("std::_Rb_tree", "std::_Rb_tree_node<%1>"),
	NODES("std::__tree", "std::__1::__tree_node<%0,void*>"),
	NAMED("std::unordered_map"),
	NAMED("std::unordered_multimap"),
	NAMED("std::unordered_set"),
	NAMED("std::unordered_multiset"),
	NODES("std::_Hashtable", "std::__detail::_Hash_node<%1,true>|"
				 "std::__detail::_Hash_node<%1,false>"),
	NODES("std::__hash_table", "std::__1::__hash_node<%0,void*>"),
	NODE("std::_List_node_base"),
	NODE("std::__detail::_List_node_base"),
	NODE("std::_Fwd_list_node_base"),
	NODE("std::_Rb_tree_node_base"),
	NODE("std::__detail::_Hash_node_base"),
	NODE("std::__list_node_base"),
	NODE("std::__forward_begin_node"),
	NODE("std::__tree_node_base"),
	NODE("std::__tree_end_node"),
	NODE("std::__hash_node_base"),
	STORAGE("__gnu_cxx::__aligned_membuf"),
	STORAGE("__gnu_cxx::__aligned_buffer"),
	OPEN("std::pair"),
	SHOWN("std::_Head_base", "get<%0>"),
	SHOWN("std::__tuple_leaf", "get<%0>"),
	SHARED("QString", "QString"),
	SHARED("QByteArray", "QByteArray"),
	SHARED("QList", "QList"),
	SHARED("QVector", "QVector"),
	SHARED("QMap", "QMap"),
	SHARED("QHash", "QHash"),
	SHARED("QSet", "QSet"),
	/* C++: control blocks */
	HELD("std::_Sp_counted_ptr_inplace", 16),
	HELD("std::__shared_ptr_emplace", 24),
	APART("std::_Sp_counted_ptr"),
	APART("std::_Sp_counted_deleter"),
	APART("std::__shared_ptr_pointer"),
	APART("boost::detail::sp_counted_impl_pd"),
	APART("boost::detail::sp_counted_impl_p"),
	/* Rust: pointers */
	COUNTED("alloc::rc::Rc", "rc::Rc"),
	COUNTED("alloc::sync::Arc", "sync::Arc"),
	COUNTED("triomphe::arc::Arc", "triomphe::Arc"),
	WEAK("alloc::rc::Weak", "rc::Weak"),
	WEAK("alloc::sync::Weak", "sync::Weak"),
	UNIQUE("alloc::boxed::Box", "Box"),
	{"core::task::wake::Waker", WAY_POINTER, OWN_COUNTED, -1, 0,
	 "task::Waker", NULL},
	/* Rust: containers */
	BUFFER("alloc::vec::Vec", "Vec"),
	BUFFER("alloc::collections::vec_deque::VecDeque", "VecDeque"),
	CALLED("alloc::string::String", "String"),
	CALLED("std::collections::hash::map::HashMap", "HashMap"),
	CALLED("std::collections::hash::set::HashSet", "HashSet"),
	BUFFER("hashbrown::raw::RawTable", NULL),
	CALLED("alloc::collections::btree::map::BTreeMap", "BTreeMap"),
	CALLED("alloc::collections::btree::set::BTreeSet", "BTreeSet"),
	NODES("alloc::collections::btree::node::NodeRef",
	      "alloc::collections::btree::node::LeafNode<%1,%2>|"
	      "alloc::collections::btree::node::InternalNode<%1,%2>"),
	WHOLE("alloc::collections::linked_list::LinkedList", "LinkedList"),
	CALLED("alloc::collections::binary_heap::BinaryHeap", "BinaryHeap"),
	HIDDEN("lock_api::mutex::Mutex"),
	HIDDEN("lock_api::rwlock::RwLock"),
	HIDDEN("tokio::sync::mutex::Mutex"),
	HIDDEN("tokio::sync::rwlock::RwLock"),
	HIDDEN("once_cell::unsync::OnceCell"),
	HIDDEN("once_cell::sync::OnceCell"),
	/* Rust: control blocks, and what may be empty */
	HELD("core::mem::maybe_uninit::MaybeUninit", 0),
	HELD("core::mem::manually_drop::ManuallyDrop", 0),
	HELD("alloc::rc::RcInner", 16),
	HELD("alloc::rc::RcBox", 16),
	HELD("alloc::sync::ArcInner", 16),
	HELD("triomphe::arc::ArcInner", 8),
};

static const struct rule open = OPEN(NULL), hide = HIDDEN(NULL);

static bool begins(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

static bool is_library(const char *full)
{
	return strchr("&*", full[0]) || /* Rust's pointers of two words */
	       begins(full, "std::") || begins(full, "__gnu_cxx::") ||
	       begins(full, "__cxxabiv1::") || begins(full, "core::") ||
	       begins(full, "alloc::") || begins(full, "hashbrown::");
}

/* The whole name without arguments and versions of namespaces. What stands
 * behind arguments, as in "A<B>::C", stays. False: it is too long. */
static bool head_make(const char *full, char *head, size_t room)
{
	static const char *const versions[] = {
		"__cxx11::", "__1::", "__ndk1::"};
	size_t n = 0, i;
	int depth = 0;

	for (; *full; full++) {
		for (i = 0; i < sizeof(versions) / sizeof(*versions); i++)
			if (n && head[n - 1] == ':' &&
			    begins(full, versions[i]))
				full += strlen(versions[i]);
		depth += *full == '<';
		if (!depth) {
			if (n + 1 == room)
				return false;
			head[n++] = *full;
		}
		depth -= *full == '>' && depth && full[-1] != '-';
	}
	head[n] = '\0';
	return true;
}

static bool rule_fits(const struct rule *rule, const char *head)
{
	const char *last = strrchr(head, ':');

	if (rule->head[0] != '*')
		return !strcmp(rule->head, head);
	return !strcmp(rule->head + 1, last ? last + 1 : head);
}

const struct rule *rule_of_name(const char *full)
{
	char head[256];
	size_t i;

	if (!head_make(full, head, sizeof(head)))
		return is_library(full) ? &hide : &open;
	for (i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		if (rule_fits(&rules[i], head))
			return &rules[i];
	return is_library(head) ? &hide : &open;
}

const struct rule *rule_of(const struct type *type)
{
	struct known_type *known = (struct known_type *)type;

	if (!type->full || type->language == LANGUAGE_C)
		return &open;
	if (!known->rule)
		known->rule = rule_of_name(type->full);
	return known->rule;
}

bool argument_text(const char *full, size_t i, const char **text, size_t *n)
{
	const char *p = strchr(full, '<'), *start;
	int depth = 0;
	size_t k = 0;

	if (!p)
		return false;
	for (start = ++p; *p; p++) {
		bool ends = !depth && (*p == ',' || *p == '>');

		if (ends && k == i) {
			start += strspn(start, " ");
			*text = start;
			*n = (size_t)(p - start);
			while (*n && start[*n - 1] == ' ')
				--*n;
			return *n;
		}
		if (ends && *p == '>')
			return false;
		if (ends) {
			k++;
			start = p + 1;
		}
		depth += strchr("<([{", *p) != NULL;
		depth -= strchr(")]}", *p) || (*p == '>' && p[-1] != '-');
	}
	return false;
}

/* The length without the "ul" of a number. */
static size_t number_or(const char *argument, size_t n)
{
	size_t digits = strspn(argument, "0123456789");

	return digits && digits + strspn(argument + digits, "ulUL") == n
		       ? digits
		       : n;
}

const char *rule_text(struct report *report, const char *text, size_t n,
		      const char *full)
{
	const char *argument, *kept;
	size_t i, length;
	char *whole;
	FILE *out = open_memstream(&whole, &length);
	bool has_all = true;

	if (!out)
		die(STATUS_FAILED, "out of memory");
	for (i = 0; i < n; i++) {
		if (text[i] != '%' || i + 1 == n ||
		    !isdigit((unsigned char)text[i + 1]))
			fputc(text[i], out);
		else if (argument_text(full, (size_t)(text[++i] - '0'),
				       &argument, &length))
			fwrite(argument, 1, number_or(argument, length), out);
		else
			has_all = false;
	}
	if (fclose(out))
		die(STATUS_FAILED, "out of memory");
	kept = has_all ? report_copy(report, whole, length) : NULL;
	free(whole);
	return kept;
}

bool type_is_inside(const struct type *type)
{
	char head[256];
	const char *last;

	if (type->kind == TYPE_ARRAY || type->kind == TYPE_POINTER) {
		const struct type *of = type_target(type);

		return of && of->kind != TYPE_ARRAY && type_is_inside(of);
	}
	if (!type->full || type->kind != TYPE_RECORD ||
	    !is_library(type->full) ||
	    !head_make(type->full, head, sizeof(head)))
		return false;
	if (type->language == LANGUAGE_RUST)
		return strstr(head, "::node::") || strstr(head, "::Node") ||
		       rule_of(type)->way == WAY_HELD;
	last = strrchr(head, ':');
	return last && last[1] == '_';
}
