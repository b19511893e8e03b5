vcl 4.1;
# Varnish as a cache near the viewers: a film is kept once, whoever watches it, and each viewer's token is checked.
#
# The backend is Octavo, or the nginx of deploy/nginx/origin.conf. Octavo must trust this machine:
# OCTAVO_HTTP_TRUSTED_PROXIES. A verdict on a token is believed for a minute at most.
# Addresses of films are passwords while they work: let varnishncsa write no %r, %U or %{Referer}i.

backend octavo {
    .host = "127.0.0.1";
    .port = "8420";
    .first_byte_timeout = 60s;
    .between_bytes_timeout = 60s;
}

sub vcl_recv {
    if (req.restarts == 0) {
        # Nobody but this file sets these.
        unset req.http.X-Octavo-Film;
        unset req.http.X-Octavo-Cookie;
        # Only letters that Octavo itself writes: what is asked for, what is kept and what Octavo is asked for are the same.
        if ((req.method == "GET" || req.method == "HEAD") &&
            req.url ~ "^/play/[A-Za-z0-9_=~:.-]+/[0-9a-f-]{36}/[0-9]+/[a-z0-9/-]+\.(mp4|vtt|jpg)$") {
            # First the token is looked at; what was asked for comes after a restart.
            set req.http.X-Octavo-Film = req.url;
            set req.url = regsub(req.url, "^(/play/[^/]+/[^/]+)/.*$", "\1/allowed");
            if (req.http.Cookie ~ "(^|; *)octavo_device=") {
                set req.http.X-Octavo-Cookie = regsub(req.http.Cookie, "^(.*; *)?octavo_device=([^;]*).*$", "\2");
            }
            return (hash);
        }
        if (req.http.Upgrade ~ "(?i)websocket") {
            return (pipe);
        }
        # Pages, the API, playlists, uploads and downloads.
        return (pass);
    }
    return (hash);
}

sub vcl_hash {
    if (req.url ~ "^/play/[^/]+/[^/]+/allowed$") {
        # A verdict is for one token, from one address and device.
        hash_data("token");
        hash_data(req.url);
        hash_data(client.ip);
        hash_data(req.http.X-Octavo-Cookie);
        hash_data(req.http.X-Octavo-Device);
    } else {
        # A film is the same for all: the token is no part of the key.
        hash_data("film");
        hash_data(regsub(req.url, "^/play/[^/]+", ""));
    }
    return (lookup);
}

sub vcl_pipe {
    set bereq.http.Upgrade = req.http.Upgrade;
    set bereq.http.Connection = "Upgrade";
}

sub vcl_backend_fetch {
    if (bereq.url ~ "^/play/[^/]+/[^/]+/[0-9]+/") {
        # One copy for all holds nothing of whoever asked first.
        unset bereq.http.Cookie;
    }
}

sub vcl_backend_response {
    if (bereq.uncacheable) {
        set beresp.do_stream = true;  # events reach people when they happen
        return (deliver);
    }
    if (bereq.url ~ "^/play/[^/]+/[^/]+/allowed$") {
        set beresp.grace = 0s;
        set beresp.keep = 0s;
        if (beresp.status != 204) {
            set beresp.uncacheable = true;
            set beresp.ttl = 1s;
        }
        return (deliver);
    }
    if ((beresp.status != 200 && beresp.status != 304) || beresp.http.Cache-Control ~ "(?i)no-cache|no-store|private") {
        set beresp.uncacheable = true;
        set beresp.ttl = 1s;
        return (deliver);
    }
    unset beresp.http.Set-Cookie;
    set beresp.grace = 1m;
    return (deliver);
}

sub vcl_deliver {
    if (req.http.X-Octavo-Film && req.restarts == 0 && resp.status == 204) {
        set req.url = req.http.X-Octavo-Film;
        return (restart);
    }
    if (req.http.X-Octavo-Film && req.restarts > 0) {
        if (obj.hits > 0) {
            set resp.http.X-Cache = "HIT";
        } else {
            set resp.http.X-Cache = "MISS";
        }
    }
    unset resp.http.Via;
    unset resp.http.X-Varnish;
}
