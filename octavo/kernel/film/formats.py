"""The file formats that an upload may have."""

# Demuxers for films that people have. Not among them, on purpose: everything that opens further files or addresses
# named inside the upload (playlists, concat scripts, SDP): an uploader could read this machine and its network with it.
FILM_FORMATS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts,mpeg,mpegvideo,avi,flv,live_flv,asf,ogg,mxf,nut,rm,dv,ivf,h264,hevc,"
    "av1,obu,m4v,yuv4mpegpipe,gif,wtv,gxf,vc1,mp3,wav,flac,aac"
)
# Pictures larger than this cannot be encoded here.
MOST_PIXELS = 8192 * 8192
# Containers in which a seek to a key frame works; a film in any other is encoded in one piece.
SEEKABLE_FORMATS = frozenset({"mov", "matroska", "mpegts", "avi", "flv"})
# Those of them whose index leads straight to the key frame asked for; in the others a seek may land between two.
INDEXED_FORMATS = frozenset({"mov", "matroska"})
