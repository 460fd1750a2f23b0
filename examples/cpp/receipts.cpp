/* Prints a receipt in any format, in C++17, without a till:
 *
 *     receipts FILE customer|merchant text|escpos|html|pdf|json
 *
 * FILE holds a Smart Transaction, or a bare array of lines, as JSON.
 */
#include <secupos.hpp>

#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#ifdef _WIN32
#include <fcntl.h>
#include <io.h>
#endif

int main(int argc, char **argv)
{
    const std::map<std::string_view, secupos::format> formats = {
        {"text", secupos::format::text}, {"escpos", secupos::format::escpos}, {"html", secupos::format::html},
        {"pdf", secupos::format::pdf},   {"json", secupos::format::json},
    };
    const auto format = argc == 4 ? formats.find(argv[3]) : formats.end();
    if (format == formats.end()) {
        std::cerr << "usage: receipts FILE customer|merchant text|escpos|html|pdf|json\n";
        return 2;
    }
    std::ifstream file(argv[1], std::ios::binary);
    const std::string json((std::istreambuf_iterator<char>(file)), {});
    const bool merchant = argv[2] == std::string_view("merchant");
    const secupos::copy copy = merchant ? secupos::copy::merchant : secupos::copy::customer;
#ifdef _WIN32
    _setmode(_fileno(stdout), _O_BINARY); // a printer's bytes: Windows would put a CR before each LF
#endif
    try {
        // Three steps: read it, say how, render it.
        const auto receipt = secupos::receipt::parse(json, copy);
        secupos::render_options options;
        options.set_format(format->second);
        options.set_columns(32);
        std::cout << receipt.render(options).str();
    } catch (const secupos::error &error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
