# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""An nginx that writes only into one folder."""

import pathlib

MAIN = """
daemon off;
pid {directory}/nginx.pid;
error_log {directory}/error.log;
worker_processes 1;
{user}
events {{ worker_connections 256; }}
http {{
    access_log {directory}/access.log;
    client_body_temp_path {directory}/body;
    proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi;
    uwsgi_temp_path {directory}/uwsgi;
    scgi_temp_path {directory}/scgi;
    include {directory}/hibiki.conf;
}}
"""


def command(program, directory, servers):
    """Writes the configuration, with `servers` inside of `http`; returns the command that runs it."""
    path = pathlib.Path(directory)
    (path / "hibiki.conf").write_text(servers)
    main = path / "nginx.conf"
    main.write_text(MAIN.format(directory=path, user="user root;" if path.owner() == "root" else ""))
    return [program, "-e", str(path / "error.log"), "-p", str(path), "-c", str(main)]
