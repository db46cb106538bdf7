"""Words that people take apart or write with digits to get past a filter."""

_LOANS = """
    acc add ads app bet bitch bitcoin casino chat chip clip covid crypto follow
    forex free fuck gay group hack inbox lesbian les like link live livestream nick
    nude otp page fanpage phishing porn pornhub sale seo sex sexy share shit shop
    shopee spam sub telegram tele tiktok vaccine viagra video vip virus web zalo
    facebook momo bank banking internet email hotline token airdrop deal freeship
"""
_HIDDEN = """
    cặc cac cặk buồi buoi lồn lon lờn địt dit đụ đĩ đỉ đéo deo đcm dcm đm dm đkm đmm
    clm cmm vl vcl vkl vãi chết chet giết giet máu hiếp hiep dâm dam cướp cuop ngu
    chó cho cứt cut đái mẹ me bố mọi đần ngáo điếm diem phò khốn súc cave lừa đảo
    lua dao bắn đâm thuốc thuoc phản động chém ma túy cần sa lắc đánh bạc cờ bóng nổ
    hũ
"""
_ONSETLESS = """
    à á ả ạ ái ám án áng ánh ảnh ạch ào áo ảo áp át ăn ắc ắt âm ấm ầm ẩm ân ấn ẩn ấp
    ấy âu ẩu ấu ẵm ẻo éo ép ế ếch êm ềm ì ỉ ị ích ít ỉu òa óa ò ó óc ọc ỏi õng ô ổ ồ
    ố ốc ôi ồi ổi ối ồn ổn ôn ốm ông ống ộp ơ ờ ở ớ ơi ơn ớn ớt ợt ọp ọt ú ù ủ um ùm
    úm ủn úng ủng úp út ụt uốn uống uổng ủy úy uất uẩn ừ ứ ư ưa ứa ức ực ửng ưng ứng
    ước ươm ướm ươn ướp ướt ưu ý ỷ ỹ yếm yểm yên yến yêu yếu yểu uyên uyển oán oản
    oải oái ọe
"""

LOANS = frozenset(_LOANS.split())
"""Words that are not Vietnamese syllables, but are hidden as if they were."""
HIDDEN = frozenset(_HIDDEN.split())
"""Short words that one sign hides already (l.ồn, đ.m), though both parts are words."""
ONSETLESS = frozenset(_ONSETLESS.split())
"""Words that begin with their vowel: a sentence may have ended before them (x.ơi)."""
